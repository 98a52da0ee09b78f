/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The thousand functions of klpx_bench_target, as a list: each user defines
 * BENCH_ONE(number), which is expanded for each three-digit number.
 */
#ifndef KLPX_BENCH_FUNCTIONS_H
#define KLPX_BENCH_FUNCTIONS_H

#define BENCH_FUNCTIONS 1000

#define BENCH_TEN(tens)    \
	BENCH_ONE(tens##0) \
	BENCH_ONE(tens##1) \
	BENCH_ONE(tens##2) \
	BENCH_ONE(tens##3) \
	BENCH_ONE(tens##4) \
	BENCH_ONE(tens##5) \
	BENCH_ONE(tens##6) \
	BENCH_ONE(tens##7) \
	BENCH_ONE(tens##8) \
	BENCH_ONE(tens##9)

#define BENCH_HUNDRED(hundreds) \
	BENCH_TEN(hundreds##0)  \
	BENCH_TEN(hundreds##1)  \
	BENCH_TEN(hundreds##2)  \
	BENCH_TEN(hundreds##3)  \
	BENCH_TEN(hundreds##4)  \
	BENCH_TEN(hundreds##5)  \
	BENCH_TEN(hundreds##6)  \
	BENCH_TEN(hundreds##7)  \
	BENCH_TEN(hundreds##8)  \
	BENCH_TEN(hundreds##9)

#define BENCH_ALL        \
	BENCH_HUNDRED(0) \
	BENCH_HUNDRED(1) \
	BENCH_HUNDRED(2) \
	BENCH_HUNDRED(3) \
	BENCH_HUNDRED(4) \
	BENCH_HUNDRED(5) \
	BENCH_HUNDRED(6) \
	BENCH_HUNDRED(7) \
	BENCH_HUNDRED(8) \
	BENCH_HUNDRED(9)

/*
 * Called and replaced as they are: neither inlined nor merged with an identical
 * function, and callers may assume nothing about them. Each returns its own
 * value, and each replacement returns that plus BENCH_NEW.
 */
#define BENCH_FUNCTION __attribute__((__noipa__))
#define BENCH_NEW 1000000UL
#define BENCH_VALUE(number) (1##number##UL)

#endif /* KLPX_BENCH_FUNCTIONS_H */
