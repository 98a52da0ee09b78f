/* SPDX-License-Identifier: GPL-2.0 */
/* Functions klpx_many_000() to klpx_many_999(), for tests with hundreds. */
#ifndef KLPX_TESTS_MANY_H
#define KLPX_TESTS_MANY_H

#define MANY 1000

/* X(000) to X(999), each argument one word. */
#define MANY_10(X, p)                                                          \
	X(p##0) X(p##1) X(p##2) X(p##3) X(p##4)                                \
	X(p##5) X(p##6) X(p##7) X(p##8) X(p##9)
#define MANY_100(X, p)                                                         \
	MANY_10(X, p##0) MANY_10(X, p##1) MANY_10(X, p##2) MANY_10(X, p##3)    \
	MANY_10(X, p##4) MANY_10(X, p##5) MANY_10(X, p##6) MANY_10(X, p##7)    \
	MANY_10(X, p##8) MANY_10(X, p##9)
#define MANY_ALL(X)                                                            \
	MANY_100(X, 0) MANY_100(X, 1) MANY_100(X, 2) MANY_100(X, 3)            \
	MANY_100(X, 4) MANY_100(X, 5) MANY_100(X, 6) MANY_100(X, 7)            \
	MANY_100(X, 8) MANY_100(X, 9)

#endif /* KLPX_TESTS_MANY_H */
