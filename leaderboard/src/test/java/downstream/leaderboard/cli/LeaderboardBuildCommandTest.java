package downstream.leaderboard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.cli.Main;
import downstream.leaderboard.Runs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaderboardBuildCommandTest {
  @TempDir private Path folder;

  private int build(Path runs, Path out) {
    return Main.run("leaderboard", "build", runs.toString(), "--out", out.toString());
  }

  @Test
  void writes_both_files() {
    Runs.in(folder.resolve("runs")).store("mae", 0.5);
    Path out = folder.resolve("board");
    assertThat(build(folder.resolve("runs"), out)).isZero();
    assertThat(out.toFile().list()).contains("leaderboard.csv", "leaderboard.md", "ledger.jsonl");
  }

  @Test
  void nothing_to_rank_is_exit_code_3_and_no_board() throws Exception {
    Path runs = Files.createDirectory(folder.resolve("runs"));
    assertThat(build(runs, folder.resolve("board"))).isEqualTo(3);
    assertThat(folder.resolve("board")).doesNotExist();
  }

  @Test
  void missing_folder_is_exit_code_2() {
    assertThat(build(folder.resolve("none"), folder.resolve("board"))).isEqualTo(2);
  }
}
