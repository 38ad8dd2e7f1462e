package downstream.eval.encoder.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.VisionTransformer;
import java.util.List;
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

    List<EncoderVerification.Difference> differences = EncoderVerification.compare(file);

    assertThat(differences).hasSize(3 * 5).allMatch(EncoderVerification.Difference::agree);
  }
}
