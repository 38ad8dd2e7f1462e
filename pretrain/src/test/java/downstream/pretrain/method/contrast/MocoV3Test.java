package downstream.pretrain.method.contrast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import downstream.eval.train.Examples;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.views.Photos;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Version 3, with a class token and a frozen patch embedding. */
class MocoV3Test extends ContrastContractTest<List<float[]>> {
  private static final EncoderSettings ENCODER =
      TestEncoders.VIT_WITH_CLASS_TOKEN.withFrozenPatches();
  private static final MocoSettings TINY = MocoTest.settings(ENCODER, 3);

  @Override
  public PretrainingModel<List<float[]>> model() {
    return new Moco.MocoModel(TINY, 1, manager);
  }

  @Override
  public Examples<List<float[]>> examples(Photos photos) {
    return Moco.views(TINY, photos);
  }

  /** The loss bends within the longer step. */
  @Override
  public double differenceStep() {
    return 1e-4;
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
