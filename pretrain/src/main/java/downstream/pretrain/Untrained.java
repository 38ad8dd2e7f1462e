package downstream.pretrain;

import downstream.eval.encoder.VisionTransformer;
import downstream.eval.run.Pretrainer;
import downstream.eval.run.Pretraining;
import java.io.IOException;

/**
 * The control: the encoder that the other methods start from, written as it is. Given the same
 * architecture and seed its weights are those that {@link Mae} and {@link Byol} begin with.
 */
public final class Untrained implements Pretrainer {
  private static final int MLP_RATIO = 4;

  /**
   * The architecture.
   *
   * @param imageSize side of the encoder's input in pixels
   * @param patch side of a patch in pixels
   * @param width D of the encoder
   * @param depth transformer blocks of the encoder
   * @param heads attention heads of the encoder
   */
  record Settings(int imageSize, int patch, int width, int depth, int heads) {
    static final Settings DEFAULTS = new Settings(64, 8, 128, 4, 4);

    Settings {
      new VisionTransformer(imageSize, patch, width, depth, heads, MLP_RATIO);
    }

    VisionTransformer encoder() {
      return new VisionTransformer(imageSize, patch, width, depth, heads, MLP_RATIO);
    }
  }

  @Override
  public String name() {
    return "random";
  }

  @Override
  public String summary() {
    return "An untrained encoder: the control";
  }

  @Override
  public Record defaults() {
    return Settings.DEFAULTS;
  }

  @Override
  public void run(Pretraining pretraining) throws IOException {
    Settings settings = pretraining.resolve(Settings.DEFAULTS);
    new Export(this, settings, pretraining).writeUntrained(settings.encoder());
  }
}
