package downstream.pretrain.method.distillation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.pretrain.method.distillation.DinoSettings.Embedding;
import downstream.pretrain.method.distillation.TeacherDistribution.Kind;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.settings.CropSettings;
import downstream.pretrain.views.DistortedCrop;
import downstream.pretrain.views.MultiCrop;
import downstream.pretrain.views.Photos;
import java.util.List;
import java.util.Map;

/**
 * DINO (Caron et al., "Emerging Properties in Self-Supervised Vision Transformers", ICCV 2021,
 * arXiv 2104.14294): the student gives every crop of an image the distribution over K scores that
 * the teacher, its moving average, gives another, large crop. Centring keeps the teacher from
 * giving all images one score, sharpening from giving all scores alike.
 */
public final class Dino extends PretrainingMethod<DinoSettings> {
  public Dino() {
    super(
        "dino",
        "Self-distillation without labels (DINO, Caron et al. 2021): gives crops the scores of a"
            + " teacher",
        DinoSettings.class,
        DinoSettings.PRESETS);
  }

  @Override
  public TrainingStage<List<float[]>, DinoModel> stages(
      DinoSettings settings, PretrainingRequest request) {
    Photos photos = new Photos(request.images());
    int stepsOfEpoch = settings.training().stepsPerEpoch(photos.size());
    return new TrainingStage<>(
        "dino",
        manager -> new DinoModel(settings, stepsOfEpoch, request.seed(), manager),
        crops(settings.encoder().imageSize(), settings.crops(), photos),
        settings.training(),
        settings.budget());
  }

  /**
   * Crops of the authors' code, iBOT's too.
   *
   * @param size of large ones, pixels
   */
  static MultiCrop crops(int size, CropSettings settings, Photos photos) {
    double area = settings.minLargeArea();
    return MultiCrop.of(
        photos,
        List.of(DistortedCrop.dino(size, area, 1, 1, 0), DistortedCrop.dino(size, area, 1, .1, .2)),
        settings.small(),
        DistortedCrop.dino(
            settings.smallSize(), settings.minSmallArea(), settings.maxSmallArea(), .5, 0));
  }

  /** Student and teacher. N images, V crops of each, D the width of an embedding, K scores. */
  static final class DinoModel extends DistillationModel {
    private final DinoSettings settings;
    private final TeacherDistribution distribution;

    /**
     * @param stepsOfEpoch updates of an epoch
     * @param manager owns the weights
     */
    DinoModel(DinoSettings settings, int stepsOfEpoch, long seed, NDManager manager) {
      super(
          "dino", settings.distillation(), settings.head().heldSteps(stepsOfEpoch), seed, manager);
      this.settings = settings;
      TeacherSettings teacher = settings.teacher();
      Kind kind = new Kind("teacher", settings.head().outputWidth(), teacher.temperatures());
      distribution =
          new TeacherDistribution("dino", kind, teacher, settings.training().monitor(), manager);
    }

    @Override
    List<TeacherDistribution> distributions() {
      return List.of(distribution);
    }

    @Override
    public Losses losses(List<List<float[]>> batch, Step step) {
      int images = batch.size();
      NDList crops = arrays(batch, step);
      NDArray large = ofImages(embeddings(teacher(), crops.get(0), step), images); // [N, 2, D]
      NDArray scores = teacher().scores(large, false, step).stopGradient(); // [N, 2, K]
      NDArray wanted = distribution.probabilities(scores, step);
      NDArray seen = ofImages(embeddings(student(), crops.get(0), step), images);
      if (hasSmallCrops()) {
        NDArray small = ofImages(embeddings(student(), crops.get(1), step), images);
        seen = seen.concat(small, 1); // [N, V, D]
      }
      NDArray found = found(student().scores(seen, isHeld(step), step)); // [N, V, K]
      NDArray loss = overPairs(found, wanted);
      return new Losses(loss, Map.of("loss", loss));
    }

    /** [N·V, D] of crops of one side. */
    private NDArray embeddings(ScoringNetwork network, NDArray crops, Step step) {
      Encoder encoder = network.encoder();
      return settings.embedding() == Embedding.MEAN
          ? encoder.embedding(step.store(), crops, true)
          : encoder.classToken(encoder.latent(step.store(), crops, true));
    }

    @Override
    public long flops() {
      return flops(1);
    }
  }
}
