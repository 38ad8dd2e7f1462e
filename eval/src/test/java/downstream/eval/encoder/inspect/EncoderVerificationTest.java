package downstream.eval.encoder.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.encoder.inspect.EncoderVerification.Difference;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EncoderVerificationTest {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

  @Test
  void both_engines_agree_on_every_named_value() {
    EncoderFile file =
        VisionTransformer.build(
            new VitArchitecture(32, 8, 24, 2, 3, 4),
            "vit",
            1,
            HALF,
            HALF,
            Json.MAPPER.createObjectNode());

    List<Difference> differences = EncoderVerification.compare(file);

    assertThat(differences).allMatch(Difference::agree);
    assertThat(
            differences.stream()
                .collect(Collectors.groupingBy(Difference::check, Collectors.counting())))
        .isEqualTo(Map.of("engines", 2 * 5L, "nodes", 2 * 5L, "rows", 5L));
  }
}
