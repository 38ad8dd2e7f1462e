package downstream.leaderboard.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.run.Result;
import downstream.eval.run.ResultFile;
import downstream.eval.task.Resampler;
import downstream.eval.task.Tasks;
import downstream.leaderboard.Bench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootstrapReplicatesTest {
  private static final int COUNT = 6;

  @TempDir private Path folder;
  private Path file = Path.of("");
  private ImageWeights weights = new ImageWeights(List.of(), 0);

  @BeforeEach
  void store_a_run() throws IOException {
    file = Bench.in(folder).eval("good", 0, 1).run("good", 0);
    weights = ImageWeights.ofImages(24, "0123456789abcdef".repeat(4));
  }

  private BootstrapReplicates replicates(int count) {
    return new BootstrapReplicates(folder.resolve("cache"), count);
  }

  private Path statistics() {
    return file.resolveSibling(run().statistics().orElseThrow().path());
  }

  private Result run() {
    return ResultFile.read(file);
  }

  @Test
  void each_replicate_is_the_score_with_its_own_weights() throws IOException {
    Resampler resampler = Tasks.named("spans").resampler(statistics());
    List<Double> expected = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      expected.add(
          Objects.requireNonNull(resampler.resample(weights.sample(i)).metrics().get("AP"))
              .orElseThrow());
    }
    assertThat(replicates(COUNT).of(file, run(), weights, "AP")).contains(expected);
    assertThat(expected).doesNotHaveDuplicates();
  }

  @Test
  void metric_that_the_task_does_not_have_is_empty() throws IOException {
    assertThat(replicates(COUNT).of(file, run(), weights, "mIoU")).isEmpty();
  }

  @Test
  void run_without_statistics_is_empty() throws IOException {
    ObjectNode tree = Json.MAPPER.valueToTree(run());
    tree.putArray("artifacts");
    Result bare = Json.MAPPER.treeToValue(tree, Result.class);
    assertThat(replicates(COUNT).of(file, bare, weights, "AP")).isEmpty();
  }

  @Test
  void kept_replicates_are_read_again_and_changed_statistics_are_refused() throws IOException {
    List<Double> first = replicates(COUNT).of(file, run(), weights, "AP").orElseThrow();
    Path changed = statistics();
    Files.writeString(changed, "[]");
    assertThat(replicates(COUNT).of(file, run(), weights, "AP")).contains(first);
    assertThatThrownBy(() -> replicates(COUNT + 1).of(file, run(), weights, "AP"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("was changed after the run was stored");
  }
}
