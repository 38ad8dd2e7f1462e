package downstream.eval.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.data.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossCurveTest {
  @TempDir Path folder;

  @Test
  void draws_losses_alone_in_one_panel() throws IOException {
    Image curve = drawn("{\"loss\":3.0,\"step\":0}", "{\"loss\":2.5,\"step\":1}");
    assertThat(curve.width()).isEqualTo(900);
    assertThat(curve.height()).isEqualTo(500);
  }

  @Test
  void draws_what_was_observed_in_small_panels_below() throws IOException {
    Image curve =
        drawn(
            "{\"loss\":3.0,\"step\":0,\"observed\":{\"knn\":0.1,\"rank\":3.5,\"collapse\":0}}",
            "{\"loss\":2.5,\"step\":1}",
            "{\"loss\":2.0,\"step\":2,\"observed\":{\"knn\":0.2,\"rank\":9.5,\"collapse\":0.5}}");
    assertThat(curve.height()).isEqualTo(1000);
    assertThat(colours(curve, 0, 500)).isGreaterThan(2);
    assertThat(colours(curve, 500, 1000)).isGreaterThan(2);
  }

  @Test
  void says_which_line_of_a_log_is_damaged() {
    assertThatThrownBy(() -> drawn("{}", "{ loss"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("log.jsonl, line 2: expected a JSON object, found '{ loss'");
  }

  private Image drawn(String... lines) throws IOException {
    Path log = Files.writeString(folder.resolve("log.jsonl"), String.join("\n", lines) + "\n");
    LossCurve.draw(log, folder.resolve("loss.png"));
    return Image.read(folder.resolve("loss.png"));
  }

  private static long colours(Image image, int from, int to) {
    return java.util.stream.IntStream.range(from * image.width(), to * image.width())
        .map(i -> image.at(i % image.width(), i / image.width()))
        .distinct()
        .count();
  }
}
