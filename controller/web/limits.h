// SPDX-License-Identifier: GPL-2.0
// What one client, and all of them together, may take from the server.
#ifndef KLPX_CONTROLLER_WEB_LIMITS_H_
#define KLPX_CONTROLLER_WEB_LIMITS_H_

#include <chrono>
#include <cstddef>

namespace klpx {

inline constexpr size_t kMostConnections = 256;
inline constexpr size_t kMostEventStreams = 64;
// Answers of more than kLargeBytes that are being sent: each keeps a snapshot
// in memory.
inline constexpr size_t kMostLargeAnswers = 8;
inline constexpr size_t kLargeBytes = size_t{1} << 20;
inline constexpr size_t kLargestHeaderBytes = 8192;
inline constexpr size_t kLongestTargetBytes = 2048;
inline constexpr size_t kLargestPage = 1000;

inline constexpr std::chrono::seconds kHeaderTimeout(10);
// A reader takes so much in so long, and all of an answer in kWriteTimeout.
inline constexpr size_t kChunkBytes = size_t{1} << 16;
inline constexpr std::chrono::seconds kProgressTimeout(5);
inline constexpr std::chrono::seconds kWriteTimeout(30);
// Where all places are taken, one is given up for who comes: by whoever has
// most of them, else only by one that has had it for so long.
inline constexpr std::chrono::seconds kLargeGrace(2);
inline constexpr std::chrono::seconds kStreamGrace(60);
inline constexpr std::chrono::seconds kHeartbeat(15);
inline constexpr std::chrono::milliseconds kAcceptPause(100);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_LIMITS_H_
