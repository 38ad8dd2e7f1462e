package downstream.pretrain.method.contrast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.method.contrast.Moco.MocoModel;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.settings.EncoderSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Version 3, with a class token and a frozen patch embedding. */
class MocoV3Test {
  private static final EncoderSettings ENCODER =
      TestEncoders.VIT_WITH_CLASS_TOKEN.withFrozenPatches();
  private static final MocoSettings TINY = MocoTest.settings(ENCODER, 3);

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  private MocoModel model() {
    return new MocoModel(TINY, 1, manager);
  }

  @Test
  void two_replicas_find_their_keys_among_those_of_both() throws IOException {
    JsonNode one = OneUpdate.log(TINY, List.of(model()), folder);
    JsonNode two = OneUpdate.log(TINY, List.of(model(), model()), folder);
    for (String name : List.of("total", "grad_norm")) {
      double value = one.path(name).asDouble();
      assertThat(two.path(name).asDouble()).as(name).isCloseTo(value, withinPercentage(.01));
    }
    String accuracy = "/observed/accuracy";
    assertThat(two.at(accuracy).asDouble()).isEqualTo(one.at(accuracy).asDouble());
  }

  @Test
  void query_key_and_value_start_as_three_matrices_and_the_class_token_near_zero() {
    float[] joint = ofHarness("qkv.weight");
    float[] apart = started("qkv.weight");
    double bound = Math.sqrt(6. / (16 + 16));
    for (int i = 0; i < joint.length; i++) {
      assertThat((double) apart[i])
          .isCloseTo(Math.sqrt(2) * joint[i], within(1e-6))
          .isBetween(-bound, bound);
    }
    assertThat(started("class_token")).usingComparatorWithPrecision(1e-5f).containsOnly(0);
    assertThat(ofHarness("class_token")[0]).isNotCloseTo(0, within(1e-4f));
  }

  private float[] started(String name) {
    return model().weights().stream()
        .filter(weight -> weight.name().endsWith(name))
        .map(Weight::array)
        .map(NDArray::toFloatArray)
        .findFirst()
        .orElseThrow();
  }

  private float[] ofHarness(String name) {
    return new Encoder(ENCODER, ENCODER.randomInit("moco", 1), manager)
        .weights("").stream()
            .filter(weight -> weight.name().endsWith(name))
            .map(weight -> weight.array().toFloatArray())
            .findFirst()
            .orElseThrow();
  }
}
