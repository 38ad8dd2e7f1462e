package downstream.pretrain.method.autoencoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.pretrain.model.MaskedImage.Planes;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.View;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The autoencoder (Ballard, "Modular Learning in Neural Networks", AAAI 1987): an image is
 * reconstructed from a code that is narrower than its embedding. Ballard trains stacked modules one
 * by one; here everything is trained end to end. No paper has a recipe for today's encoders.
 */
public final class Ae extends PretrainingMethod<AeSettings> {
  public Ae() {
    super(
        "ae",
        "Autoencoder (Ballard 1987): reconstructs an image from one narrow code",
        AeSettings.class,
        AeSettings.PRESETS);
  }

  @Override
  public TrainingStage<Planes, AeModel> stages(AeSettings settings, PretrainingRequest request) {
    return new TrainingStage<>(
        "ae",
        manager -> new AeModel(settings, request.seed(), manager),
        new Crops(new Photos(request.images()), settings.view()),
        settings.training(),
        settings.budget());
  }

  /** A view of each photo, [3, S, S]. */
  record Crops(Photos photos, View view) implements Examples<Planes> {
    @Override
    public int size() {
      return photos.size();
    }

    @Override
    public Planes load(int index, RandomGenerator random) {
      return new Planes(view.draw(photos.get(index), random));
    }
  }

  /** Encoder, bottleneck and decoder. */
  static final class AeModel extends PlainAutoencoder {
    /**
     * @param manager owns the weights
     */
    AeModel(AeSettings settings, long seed, NDManager manager) {
      super(
          "ae",
          new Network(settings.encoder(), settings.decoder()),
          settings.code(),
          settings.code(),
          seed,
          manager);
    }

    @Override
    public Losses losses(List<Planes> batch, Step step) {
      NDArray images = arrays(batch, step).singletonOrThrow(); // [N, 3, S, S]
      NDArray loss = reconstruct(images, step, true).sub(images).square().mean();
      return new Losses(loss, Map.of("reconstruction", loss));
    }
  }
}
