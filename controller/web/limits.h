// SPDX-License-Identifier: GPL-2.0
// The resources that one client, or all clients together, may use.
#ifndef KLPX_CONTROLLER_WEB_LIMITS_H_
#define KLPX_CONTROLLER_WEB_LIMITS_H_

#include <chrono>
#include <cstddef>

namespace klpx {

inline constexpr size_t kMostConnections = 256;
inline constexpr size_t kMostEventStreams = 64;
// Limits the answers of more than kLargeBytes being sent at a time: each keeps
// a snapshot in memory.
inline constexpr size_t kMostLargeAnswers = 8;
inline constexpr size_t kLargeBytes = size_t{1} << 20;
inline constexpr size_t kLargestHeaderBytes = 8192;
inline constexpr size_t kLongestTargetBytes = 2048;
inline constexpr size_t kLargestPage = 1000;

inline constexpr std::chrono::seconds kHeaderTimeout(10);
// A client has to read kChunkBytes within kProgressTimeout, and the whole
// answer within kWriteTimeout.
inline constexpr size_t kChunkBytes = size_t{1} << 16;
inline constexpr std::chrono::seconds kProgressTimeout(5);
inline constexpr std::chrono::seconds kWriteTimeout(30);
// If all places are taken, a new client gets the place of a client of the peer
// that holds the most. If that peer holds no more than the new client's would,
// it gives up a place only after it has had that place for this long.
inline constexpr std::chrono::seconds kLargeGrace(2);
inline constexpr std::chrono::seconds kStreamGrace(60);
inline constexpr std::chrono::seconds kHeartbeat(15);
inline constexpr std::chrono::milliseconds kAcceptPause(100);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_LIMITS_H_
