package downstream.pretrain.method.ioca;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.eval.train.EngineSeed;
import downstream.eval.train.Gradients;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Scalars;
import downstream.pretrain.method.SimSiam;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.LayerFlops;
import downstream.pretrain.model.MaskedBatch;
import downstream.pretrain.model.MlpHead;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.monitor.CollapseMonitor;
import downstream.pretrain.settings.EncoderSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The losses of IOCA's second stage on regions: a masked region goes through the encoder, a decoder
 * reconstructs what was masked (PIMask), and heads predict the region's partner (SimSiam). N
 * regions, T tokens of each, D the encoder's width, P values a patch, d the width of a projection.
 */
final class ObjectLosses {
  static final String RECONSTRUCTION = "reconstruction";
  static final String CONTRAST = "contrast";

  private final IocaSettings settings;
  private final Encoder encoder;
  private final RegionDecoder decoder;
  private final SimSiam.Heads heads;
  private final CollapseMonitor monitor;

  /**
   * @param encoder shared with the caller
   * @param manager owns the weights of the heads
   */
  ObjectLosses(
      IocaSettings settings,
      Encoder encoder,
      RegionDecoder decoder,
      CollapseMonitor monitor,
      long seed,
      NDManager manager) {
    this.settings = settings;
    this.encoder = encoder;
    this.decoder = decoder;
    this.monitor = monitor;
    Engine.getInstance().setRandomSeed(EngineSeed.of(seed));
    heads = heads(settings.encoder(), settings.contrast(), manager);
  }

  private static SimSiam.Heads heads(
      EncoderSettings encoder, ContrastSettings contrast, NDManager manager) {
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

  SimSiam.Heads heads() {
    return heads;
  }

  /** The terms that have a weight, by name: scalars. */
  Map<String, NDArray> of(IocaBatch batch, Step step) {
    Map<String, NDArray> terms = new LinkedHashMap<>();
    if (settings.hasReconstruction() && settings.hasContrast() && settings.object().oneDraw()) {
      NDArray latent = latent(visible(batch.region().images()), step, true); // one pass for both
      terms.put(RECONSTRUCTION, reconstruction(latent, batch, step));
      terms.put(CONTRAST, contrast(latent, batch, step));
      return terms;
    }
    if (settings.hasReconstruction()) {
      NDArray latent = latent(visible(batch.region().images()), step, true);
      terms.put(RECONSTRUCTION, reconstruction(latent, batch, step));
    }
    if (settings.hasContrast()) {
      terms.put(
          CONTRAST, contrast(latent(visible(batch.query().images()), step, true), batch, step));
    }
    return terms;
  }

  /** Regions as the encoder sees them under their mask: [N, 3, S, S]. */
  NDArray visible(MaskedBatch regions) {
    return regions.visible(settings.object().hidden().fill(), settings.encoder().patchSize());
  }

  /** [N, 3, S, S] to [N, (1 +) T, D]. */
  private NDArray latent(NDArray images, Step step, boolean training) {
    return encoder.latent(step.store(), images, training);
  }

  /** The error on the masked pixels of regions: 1/Ω(o_M)·‖o'_M − o_M‖ of the proposal. */
  private NDArray reconstruction(NDArray latent, IocaBatch batch, Step step) {
    NDArray predicted = decoder.reconstruct(latent, step.store(), true); // [N, T, P]
    ObjectSettings object = settings.object();
    int patch = settings.encoder().patchSize();
    return object.error().of(predicted, batch.region().images(), patch, object.normPix());
  }

  /** Patches of regions from their visible pixels, in inference mode: [N, T, P]. */
  NDArray reconstruct(MaskedBatch regions, Step step) {
    return decoder.reconstruct(latent(visible(regions), step, false), step.store(), false);
  }

  /**
   * SimSiam's loss of pairs, no gradient through what is predicted. One-sided: the masked region
   * predicts its partner. Symmetric (equation 2): half of that from region to partner, where the
   * region is masked in one term and whole in another, and half from the whole partner back.
   *
   * @param latent of the masked regions, [N, (1 +) T, D]
   */
  private NDArray contrast(NDArray latent, IocaBatch batch, Step step) {
    NDArray masked = predict(project(latent, batch.query(), step), step); // [N, d]
    if (settings.contrast().sides() == ContrastSettings.Sides.ONE_SIDED) {
      NDArray partner = target(batch.partner(), step); // [N, d]
      monitor.record(partner);
      return Similarity.simSiam(masked, partner, batch.paired());
    }
    NDArray partner = projectWhole(batch.partner(), step); // [N, d]
    NDArray whole = projectWhole(batch.query(), step); // [N, d]
    monitor.record(partner);
    NDArray there = loss(masked, partner, batch).add(loss(predict(whole, step), partner, batch));
    NDArray back = loss(predict(partner, step), whole, batch);
    return Scalars.times(Scalars.times(there, .5).add(back), .5);
  }

  private static NDArray loss(NDArray prediction, NDArray target, IocaBatch batch) {
    return Similarity.simSiam(prediction, target.stopGradient(), batch.paired());
  }

  /** z [N, d] of unmasked regions: no gradient flows, none is recorded. */
  NDArray target(IocaBatch.Side side, Step step) {
    return Gradients.without(() -> projectWhole(side, step));
  }

  /** z [N, d] of unmasked regions. */
  private NDArray projectWhole(IocaBatch.Side side, Step step) {
    return project(latent(side.images().pixels(), step, true), side, step);
  }

  /** z [N, d] of the mean patch token over the tokens that show a region. */
  private NDArray project(NDArray latent, IocaBatch.Side side, Step step) {
    NDArray tokens = encoder.patchTokens(latent); // [N, T, D]
    NDArray mean = // [N, D]: Σ weight · token, weights sum to 1
        tokens.mul(side.tokenWeights()).sum(new int[] {1});
    return heads.projector().apply(step.store(), mean);
  }

  /** p [N, d] of z [N, d]. */
  private NDArray predict(NDArray projection, Step step) {
    ParameterStore store = step.store();
    return heads.predictor().apply(store, projection);
  }

  /** Floating-point operations of one example: passes with gradients cost three times. */
  long flops() {
    long region = encoder.flops(settings.encoder().imageSize());
    long projected = heads.projector().flops();
    long predicted = heads.predictor().flops();
    boolean onePass = settings.object().oneDraw() && settings.hasReconstruction();
    long sum = 0;
    if (settings.hasReconstruction()) {
      sum += LayerFlops.TRAINED * (region + decoder.flops());
    }
    if (settings.hasContrast()) {
      sum += LayerFlops.TRAINED * ((onePass ? 0 : region) + projected + predicted);
      sum +=
          switch (settings.contrast().sides()) {
            case ONE_SIDED -> region + projected;
            case SYMMETRIC -> 2 * LayerFlops.TRAINED * (region + projected + predicted);
          };
    }
    return sum;
  }
}
