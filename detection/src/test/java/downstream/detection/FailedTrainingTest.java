package downstream.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import downstream.eval.Device;
import downstream.eval.data.ImageSet;
import downstream.eval.task.FitRequest;
import downstream.eval.task.Protocols;
import downstream.eval.train.NonFiniteLoss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a training that fails leaves behind. */
class FailedTrainingTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"finetune", "frozen"})
  void a_training_that_fails_leaves_no_feature_cache_open(String mode) throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "open files are listed on Linux only");
    ImageSet set = Shapes.write(folder, 4, 64, 64, 2);
    FitRequest fit =
        new FitRequest(
            TinyEncoder.file(64),
            Protocols.load(
                new DetectionTask(),
                "smoke",
                List.of(
                    "encoder.mode=" + mode,
                    "optimiser.learningRate=1e30",
                    "optimiser.clip=0",
                    "schedule.warmup=0")),
            set,
            3,
            folder.resolve("fit"),
            folder.resolve("features"),
            2,
            Device.CPU,
            0);

    assertThatThrownBy(() -> new DetectionTask().fit(fit)).isInstanceOf(NonFiniteLoss.class);

    assertThat(Files.exists(folder.resolve("features"))).isEqualTo(mode.equals("frozen"));
    assertThat(openFiles()).noneMatch(file -> file.endsWith(".features"));
  }

  private static List<String> openFiles() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.map(FailedTrainingTest::target).toList();
    }
  }

  /** A descriptor may be closed meanwhile. */
  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
