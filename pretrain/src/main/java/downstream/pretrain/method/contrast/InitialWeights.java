package downstream.pretrain.method.contrast;

import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.model.Encoder;
import java.util.List;

/**
 * Initial weights of encoders where authors draw them otherwise than the harness does. An encoder
 * that starts from a file stays as it is.
 */
final class InitialWeights {
  /** Standard deviations of a class token: MAE's, MoCo v3's. */
  private static final double MAE_TOKEN = .02;

  private static final double MOCO_V3_TOKEN = 1e-6;

  private InitialWeights() {}

  /** torchvision's ResNet: no norm begins with scale 0. */
  static void withoutZeroNorms(Encoder encoder) {
    for (Weight weight : drawn(encoder)) {
      if (weight.name().matches(".*\\.bn\\d\\.weight")) {
        weight.array().muli(0).addi(1);
      }
    }
  }

  /**
   * MoCo v3's transformer ({@code vits.py}): query, key and value are Xavier-uniform as three
   * matrices [D, D] and not as one [3D, D], whose bound is lower by √2; the class token is almost
   * 0.
   */
  static void mocoV3(Encoder encoder) {
    for (Weight weight : drawn(encoder)) {
      if (weight.name().endsWith(".qkv.weight")) {
        weight.array().muli(Math.sqrt(2));
      } else if (weight.name().endsWith("class_token")) {
        weight.array().muli(MOCO_V3_TOKEN / MAE_TOKEN);
      }
    }
  }

  private static List<Weight> drawn(Encoder encoder) {
    return encoder.settings().init().isPresent() ? List.of() : encoder.weights("");
  }
}
