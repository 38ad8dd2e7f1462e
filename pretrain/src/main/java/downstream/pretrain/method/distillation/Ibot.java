package downstream.pretrain.method.distillation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Scalars;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.method.distillation.TeacherDistribution.Kind;
import downstream.pretrain.model.Batches;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.MaskToken;
import downstream.pretrain.model.targets.Distillation;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.settings.CropSettings;
import downstream.pretrain.views.Photos;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * iBOT (Zhou et al., "iBOT: Image BERT Pre-Training with Online Tokenizer", ICLR 2022, arXiv
 * 2111.07832): DINO on class tokens; besides, the student sees large crops with masked patches, and
 * gives each of them the distribution that the teacher gives the patch that it sees. One head
 * serves both ({@code shared_head}).
 */
public final class Ibot extends PretrainingMethod<IbotSettings> {
  public Ibot() {
    super(
        "ibot",
        "Masked self-distillation (iBOT, Zhou et al. 2022): DINO, and a teacher's scores of masked"
            + " patches",
        IbotSettings.class,
        IbotSettings.PRESETS);
  }

  @Override
  public TrainingStage<List<float[]>, IbotModel> stages(
      IbotSettings settings, PretrainingRequest request) {
    Photos photos = new Photos(request.images());
    int stepsOfEpoch = settings.training().stepsPerEpoch(photos.size());
    return new TrainingStage<>(
        "ibot",
        manager -> new IbotModel(settings, stepsOfEpoch, request.seed(), manager),
        views(settings, photos),
        settings.training(),
        settings.budget());
  }

  static MaskedCrops views(IbotSettings settings, Photos photos) {
    return new MaskedCrops(
        Dino.crops(settings.encoder().imageSize(), settings.crops(), photos),
        settings.mask(),
        settings.encoder().grid());
  }

  /**
   * Student and teacher. N images, V crops of each, two of them large; L patches of a large crop, D
   * the width of a token, K scores.
   */
  static final class IbotModel extends DistillationModel {
    private final IbotSettings settings;
    private final MaskToken maskToken;
    private final TeacherDistribution ofImages;
    private final TeacherDistribution ofPatches;

    /**
     * @param stepsOfEpoch updates of an epoch
     * @param manager owns the weights
     */
    IbotModel(IbotSettings settings, int stepsOfEpoch, long seed, NDManager manager) {
      super(
          "ibot", settings.distillation(), settings.head().heldSteps(stepsOfEpoch), seed, manager);
      this.settings = settings;
      maskToken = MaskToken.zero(settings.encoder().embeddingWidth(), manager);
      TeacherSettings teacher = settings.teacher();
      int width = settings.head().outputWidth();
      ofImages = distribution(new Kind("teacher", width, teacher.temperatures()), manager);
      ofPatches =
          distribution(
              new Kind("patches", width, teacher.temperaturesTo(settings.patchTemperature())),
              manager);
    }

    private TeacherDistribution distribution(Kind kind, NDManager manager) {
      return new TeacherDistribution(
          "ibot", kind, settings.teacher(), settings.training().monitor(), manager);
    }

    @Override
    List<TeacherDistribution> distributions() {
      return List.of(ofImages, ofPatches);
    }

    /** Crops as DINO has them, and masks of the large ones: [2N, L, 1]. */
    @Override
    public NDList arrays(List<List<float[]>> batch, NDManager manager) {
      NDList arrays = super.arrays(batch, manager);
      int crops = settings.crops().count();
      List<float[]> masks = together(batch, crops, crops + CropSettings.LARGE);
      arrays.add(Batches.array(masks, manager, settings.encoder().tokens(), 1));
      return arrays;
    }

    @Override
    public Losses losses(List<List<float[]>> batch, Step step) {
      int images = batch.size();
      NDList arrays = arrays(batch, step);
      NDArray mask = arrays.get(arrays.size() - 1); // [2N, L, 1]
      NDArray latent = teacher().encoder().latent(step.store(), arrays.get(0), true);
      NDArray target = scores(teacher(), latent, images, step).stopGradient(); // [N, 2, 1 + L, K]
      NDArray seen =
          scores(student(), masked(student().encoder(), arrays.get(0), mask, step), images, step);
      NDArray ofClassTokens = seen.get(":, :, 0"); // [N, 2, K]
      if (hasSmallCrops()) {
        NDArray small = smallScores(arrays.get(1), images, step);
        ofClassTokens = ofClassTokens.concat(small, 1); // [N, V, K]
      }
      NDArray image =
          overPairs(found(ofClassTokens), ofImages.probabilities(target.get(":, :, 0"), step));
      NDArray patch =
          overMasked(
              found(seen.get(":, :, 1:")),
              ofPatches.probabilities(target.get(":, :, 1:"), step),
              ofImages(mask, images).squeeze(3));
      NDArray total =
          Scalars.times(image, settings.imageWeight())
              .add(Scalars.times(patch, settings.patchWeight()));
      Map<String, NDArray> terms = new LinkedHashMap<>();
      terms.put("image", image);
      terms.put("patch", patch);
      return new Losses(total, terms);
    }

    /**
     * The student's tokens of large crops, whose masked patches it does not see: [2N, 1 + L, D].
     */
    private NDArray masked(Encoder encoder, NDArray crops, NDArray mask, Step step) {
      NDArray patches = encoder.patches(step.store(), crops, true); // [2N, L, D]
      return encoder.latentOfPatches(step.store(), maskToken.replace(patches, mask), true);
    }

    /** Scores of all tokens of large crops: [2N, 1 + L, D] to [N, 2, 1 + L, K]. */
    private NDArray scores(ScoringNetwork network, NDArray latent, int images, Step step) {
      return ofImages(network.scores(latent, isHeld(step), step), images);
    }

    /** The student's scores of small crops: [N, V - 2, K]. */
    private NDArray smallScores(NDArray crops, int images, Step step) {
      Encoder encoder = student().encoder();
      NDArray latent = encoder.latent(step.store(), crops, true);
      NDArray tokens = ofImages(encoder.classToken(latent), images); // [N, V - 2, D]
      return student().scores(tokens, isHeld(step), step);
    }

    /**
     * The mean cross-entropy over the masked patches of each large crop, over the crops (equation
     * 2); 0 for a crop without any.
     *
     * @param found log probabilities of the student, [N, 2, L, K]
     * @param wanted probabilities of the teacher, [N, 2, L, K]
     * @param mask [N, 2, L]
     */
    static NDArray overMasked(NDArray found, NDArray wanted, NDArray mask) {
      NDArray losses = Distillation.crossEntropy(found, wanted).mul(mask); // [N, 2, L]
      NDArray counts = mask.sum(new int[] {2}).maximum(1); // [N, 2]
      return losses.sum(new int[] {2}).div(counts).mean();
    }

    @Override
    public List<Weight> weights() {
      List<Weight> weights = new ArrayList<>(super.weights());
      weights.add(maskToken.weight());
      return weights;
    }

    @Override
    public long flops() {
      return flops(1L + settings.encoder().tokens());
    }
  }
}
