package downstream.pretrain.method.ioca;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.train.EngineSeed;
import downstream.eval.train.Gradients;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Scalars;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.masks.RandomMask;
import downstream.pretrain.method.Mae;
import downstream.pretrain.method.SimSiam;
import downstream.pretrain.model.Batches;
import downstream.pretrain.model.DecoderFile;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.LayerFlops;
import downstream.pretrain.model.LinearDecoder;
import downstream.pretrain.model.MaskedBatch;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.model.MlpHead;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.model.ViewSheet;
import downstream.pretrain.monitor.CollapseMonitor;
import downstream.pretrain.monitor.ImageEmbedder;
import downstream.pretrain.monitor.Visualisation;
import downstream.pretrain.settings.EncoderSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The model of IOCA's second stage. N images, T tokens, D the encoder's width, P values a patch, d
 * the width of a projection:
 *
 * <p>L = λ1·L_image + λ2·(L_reconstruction + L_contrast), where L_image is MAE's loss on whole
 * images, L_reconstruction the mean absolute error on the masked pixels of a region, and L_contrast
 * SimSiam's loss from a region under a mask to its unmasked partner.
 */
final class IocaModel implements PretrainingModel<IocaExample> {
  private final IocaSettings settings;
  private final Encoder regionEncoder;
  private final Encoder imageEncoder;
  private final Mae.MaeModel mae;
  private final LinearDecoder regionDecoder;
  private final SimSiam.Heads heads;
  private final CollapseMonitor monitor;

  /**
   * @param start initial weights of both encoders
   * @param manager owns the weights
   */
  IocaModel(IocaSettings settings, EncoderFile start, long seed, NDManager manager) {
    this.settings = settings;
    EncoderSettings encoder = settings.encoder();
    regionEncoder = new Encoder(encoder, start, manager);
    imageEncoder =
        settings.regionsShareImageEncoder() ? regionEncoder : new Encoder(encoder, start, manager);
    mae = new Mae.MaeModel(settings.stage1Settings(), seed, imageEncoder, manager);
    regionDecoder = new LinearDecoder(encoder, seed, manager);
    Engine.getInstance().setRandomSeed(EngineSeed.of(seed));
    heads = heads(settings, manager);
    monitor = new CollapseMonitor("ioca", "projections", settings.training().monitor(), manager);
  }

  private static SimSiam.Heads heads(IocaSettings settings, NDManager manager) {
    EncoderSettings encoder = settings.encoder();
    ContrastSettings contrast = settings.contrast();
    int width = contrast.projectionWidth(encoder);
    int hidden = contrast.predictorHiddenWidth(encoder);
    return new SimSiam.Heads(
        MlpHead.simSiamProjector(encoder.embeddingWidth(), width, width, manager),
        switch (contrast.predictor()) {
          case SIMSIAM -> MlpHead.simSiamPredictor(width, hidden, manager);
          case BYOL -> MlpHead.byol(width, hidden, width, manager);
        },
        contrast.fixedPredictorLearningRate());
  }

  /** Takes over the image decoder beside the encoder of stage 1, if there is one. */
  void restoreDecoder(Path stage1) {
    if (hasImageLoss()) {
      DecoderFile.restore(stage1, mae.decoderWeights("decoder"));
    }
  }

  private boolean hasImageLoss() {
    return settings.imageWeight() > 0;
  }

  private boolean hasReconstruction() {
    return settings.objectWeight() * settings.object().reconstructionWeight() > 0;
  }

  private boolean hasContrast() {
    return settings.objectWeight() * settings.contrast().weight() > 0;
  }

  @Override
  public Losses losses(List<IocaExample> batch, Step step) {
    Map<String, NDArray> terms = new LinkedHashMap<>();
    List<NDArray> summands = new ArrayList<>();
    if (hasImageLoss()) {
      add("image", imageLoss(batch, step), settings.imageWeight(), terms, summands);
    }
    if (hasReconstruction()) {
      double weight = settings.objectWeight() * settings.object().reconstructionWeight();
      add("reconstruction", reconstructionLoss(batch, step), weight, terms, summands);
    }
    if (hasContrast()) {
      double weight = settings.objectWeight() * settings.contrast().weight();
      add("contrast", contrastLoss(batch, step), weight, terms, summands);
    }
    return new Losses(summands.stream().reduce(NDArray::add).orElseThrow(), terms);
  }

  private static void add(
      String name,
      NDArray term,
      double weight,
      Map<String, NDArray> terms,
      List<NDArray> summands) {
    terms.put(name, term);
    summands.add(Scalars.times(term, weight));
  }

  /** MAE's loss on whole images. */
  private NDArray imageLoss(List<IocaExample> batch, Step step) {
    List<RandomMask> masks = batch.stream().map(IocaExample::imageMask).toList();
    List<float[]> planes = batch.stream().map(e -> e.image().values()).toList();
    int size = settings.encoder().imageSize();
    return mae.loss(Batches.images(planes, size, step.manager()), masks, step);
  }

  /** 1/Ω(o_M)·‖o'_M − o_M‖₁ on random regions. */
  private NDArray reconstructionLoss(List<IocaExample> batch, Step step) {
    MaskedBatch regions = batch(batch.stream().map(IocaExample::region).toList(), step);
    NDArray predicted = reconstruct(regions, step, true); // [N, T, P]
    return regionDecoder.loss(predicted, regions, settings.object().normPix());
  }

  /** Patches of regions from their visible pixels: [N, T, P]. */
  private NDArray reconstruct(MaskedBatch regions, Step step, boolean training) {
    NDArray tokens = patchTokens(regions.visible(), step, training); // [N, T, D]
    return regionDecoder.reconstruct(step.store(), tokens, training);
  }

  /** SimSiam's loss from a masked region to its partner, and back if so set. */
  private NDArray contrastLoss(List<IocaExample> batch, Step step) {
    NDArray partner = target(batch, IocaExample::partner, step); // [N, d]
    monitor.record(partner);
    NDArray query = embed(batch, IocaExample::query, MaskedBatch::visible, step); // [N, D]
    NDArray loss = Similarity.simSiam(predict(query, step), partner);
    if (!settings.contrast().symmetric()) {
      return loss;
    }
    NDArray back = embed(batch, IocaExample::partner, MaskedBatch::pixels, step); // [N, D]
    NDArray backLoss =
        Similarity.simSiam(predict(back, step), target(batch, IocaExample::query, step));
    return Scalars.times(loss.add(backLoss), .5);
  }

  /** p [N, d] of embeddings [N, D]. */
  private NDArray predict(NDArray embedding, Step step) {
    ParameterStore store = step.store();
    return heads.predictor().apply(store, heads.projector().apply(store, embedding));
  }

  /** z [N, d] of unmasked regions: no gradient flows, none is recorded. */
  NDArray target(
      List<IocaExample> batch, Function<IocaExample, IocaExample.PairSide> side, Step step) {
    return Gradients.without(
        () -> heads.projector().apply(step.store(), embed(batch, side, MaskedBatch::pixels, step)));
  }

  /** The mean patch token of regions, over the tokens that show them: [N, D]. */
  private NDArray embed(
      List<IocaExample> batch,
      Function<IocaExample, IocaExample.PairSide> side,
      Function<MaskedBatch, NDArray> input,
      Step step) {
    List<IocaExample.PairSide> sides = batch.stream().map(side).toList();
    MaskedBatch images = batch(sides.stream().map(IocaExample.PairSide::image).toList(), step);
    NDArray tokens = patchTokens(input.apply(images), step, true); // [N, T, D]
    List<float[]> rows = sides.stream().map(s -> s.tokenWeights().values()).toList();
    NDArray weights = // [N, T, 1]
        Batches.array(rows, step.manager(), settings.encoder().tokens(), 1);
    return tokens.mul(weights).sum(new int[] {1}); // Σ weight · token, weights sum to 1
  }

  /** Patch tokens [N, T, D] of images [N, 3, S, S]. */
  private NDArray patchTokens(NDArray images, Step step, boolean training) {
    return regionEncoder.patchTokens(regionEncoder.latent(step.store(), images, training));
  }

  private MaskedBatch batch(List<MaskedImage> images, Step step) {
    return MaskedBatch.of(images, settings.encoder().imageSize(), step.manager());
  }

  @Override
  public String name() {
    return "ioca";
  }

  @Override
  public Encoder encoder() {
    return regionEncoder;
  }

  @Override
  public List<Weight> weights() {
    List<Weight> weights = new ArrayList<>();
    if (hasReconstruction() || hasContrast() || settings.regionsShareImageEncoder()) {
      weights.addAll(regionEncoder.weights("encoder"));
    }
    if (hasImageLoss()) {
      weights.addAll(mae.decoderWeights("decoder"));
      if (!settings.regionsShareImageEncoder()) {
        weights.addAll(imageEncoder.weights("imageEncoder"));
      }
    }
    if (hasReconstruction()) {
      weights.addAll(regionDecoder.weights("regionDecoder"));
    }
    if (hasContrast()) {
      weights.addAll(heads.weights());
    }
    return weights;
  }

  @Override
  public Map<String, NDArray> state() {
    Map<String, NDArray> state = new LinkedHashMap<>(regionEncoder.state("encoder"));
    if (!settings.regionsShareImageEncoder()) {
      state.putAll(imageEncoder.state("imageEncoder"));
    }
    state.putAll(heads.state());
    state.putAll(monitor.state());
    return state;
  }

  /** Images as MAE; two regions with gradients, their partners without. */
  @Override
  public long flops() {
    long region = regionEncoder.flops(settings.encoder().imageSize());
    long projected = heads.projector().flops();
    long predicted = heads.predictor().flops();
    long sum = hasImageLoss() ? mae.flops() : 0;
    if (hasReconstruction()) {
      sum += LayerFlops.TRAINED * (region + regionDecoder.flops());
    }
    if (hasContrast()) {
      int directions = settings.contrast().symmetric() ? 2 : 1;
      long prediction = LayerFlops.TRAINED * (region + projected + predicted);
      long target = region + projected;
      sum += directions * (prediction + target);
    }
    return sum;
  }

  @Override
  public Map<String, NDArray> measure(Step step) {
    return hasContrast() ? monitor.measure() : Map.of();
  }

  @Override
  public void check(int step, int steps, Map<String, Double> measured) {
    if (hasContrast()) {
      monitor.check(step, steps, measured);
    }
  }

  @Override
  public Optional<ImageEmbedder> projections() {
    return hasContrast() ? Optional.of(heads.projections(regionEncoder)) : Optional.empty();
  }

  /** Reconstructions of regions; and each masked region beside its partner. */
  @Override
  public Map<String, Visualisation> visualisations(List<IocaExample> sample) {
    List<MaskedImage> regions = sample.stream().map(IocaExample::region).toList();
    List<List<float[]>> pairs =
        sample.stream()
            .map(e -> List.of(e.query().image().visible(), e.partner().image().pixels().values()))
            .toList();
    return Map.of(
        "regions",
        step -> regionDecoder.contactSheet(regions, reconstruct(batch(regions, step), step, false)),
        "pairs",
        step -> ViewSheet.of(pairs, List.of("region", "partner")));
  }
}
