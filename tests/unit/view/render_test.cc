// SPDX-License-Identifier: GPL-2.0
// Whole screens as text.
#include "controller/view/render.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>

#include "tests/unit/view/samples.h"

namespace klpx {
namespace {

TEST(RenderTest, Print) {
  TopState top;
  Blocker d = MakeTask(4711, "postgres", "ext4_file_read_iter",
                       KLPX_UNINTERRUPTIBLE, 3);
  d.info.signals = 2;
  Show(top, MakeSample({MakeTask(11, "sshd"), MakeTask(12, "cron"), d}));
  for (auto [w, h] : {std::pair(80, 24), {40, 10}, {120, 30}}) {
    std::cout << Render(top, w, h).ToString() << "\n=====\n";
  }
  Type(top, "g");
  std::cout << Render(top, 80, 24).ToString() << "\n=====\n";
  Type(top, "?");
  std::cout << Render(top, 80, 24).ToString() << "\n=====\n";
  Type(top, "qgggg");
  Press(top, {KeyCode::kEnter});
  std::cout << Render(top, 80, 24).ToString() << "\n=====\n";
}

}  // namespace
}  // namespace klpx
