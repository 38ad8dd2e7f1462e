package downstream.pretrain.method;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.train.Examples;
import downstream.eval.train.Gradients;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Scalars;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.masks.RandomMask;
import downstream.pretrain.model.Batches;
import downstream.pretrain.model.DecoderFile;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.LayerFlops;
import downstream.pretrain.model.LinearDecoder;
import downstream.pretrain.model.MaskedBatch;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.model.MlpHead;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.Reconstructions;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.model.TwoViews;
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
 * IOCA's second stage. N images, T tokens, D the encoder's width, P values a patch, d the width of
 * a projection:
 *
 * <p>L = λ1·L_image + λ2·(L_reconstruction + L_contrast), where L_image is MAE's loss on whole
 * images, L_reconstruction the mean absolute error on the hidden pixels of a region, and L_contrast
 * SimSiam's loss from a region under a mask to its unmasked partner.
 */
final class IocaModel implements PretrainingModel<IocaExample> {
  private final IocaSettings settings;
  private final Encoder objects;
  private final Encoder images;
  private final Mae.Autoencoder autoencoder;
  private final LinearDecoder painter;
  private final SimSiam.Heads heads;
  private final CollapseMonitor monitor;

  /**
   * @param start where the weights start from
   * @param manager owns the weights
   */
  IocaModel(IocaSettings settings, EncoderFile start, long seed, NDManager manager) {
    this.settings = settings;
    EncoderSettings encoder = settings.encoder();
    objects = new Encoder(encoder, start, manager);
    images = settings.sharedEncoder() ? objects : new Encoder(encoder, start, manager);
    autoencoder = new Mae.Autoencoder(settings.stage1Settings(), seed, images, manager);
    painter = new LinearDecoder(encoder, seed, manager);
    Engine.getInstance().setRandomSeed((int) seed);
    heads = heads(settings, manager);
    monitor = new CollapseMonitor("ioca", "projections", settings.training().monitor(), manager);
  }

  /** Takes over the image decoder that lies beside the encoder of stage 1, if one does. */
  void goOnFrom(Path stage1) {
    if (settings.imageWeight() > 0) {
      DecoderFile.restore(stage1, autoencoder.decoderWeights("decoder"));
    }
  }

  private static SimSiam.Heads heads(IocaSettings settings, NDManager manager) {
    EncoderSettings encoder = settings.encoder();
    ContrastSettings contrast = settings.contrast();
    int width = contrast.projectionWidth(encoder);
    int bottleneck = contrast.predictorHiddenWidth(encoder);
    return new SimSiam.Heads(
        MlpHead.simSiamProjector(encoder.embedding(), width, width, manager),
        switch (contrast.predictor()) {
          case SIMSIAM -> MlpHead.simSiamPredictor(width, bottleneck, manager);
          case BYOL -> MlpHead.byol(width, bottleneck, width, manager);
        },
        contrast.fixedPredictorLearningRate());
  }

  @Override
  public String name() {
    return "ioca";
  }

  @Override
  public Encoder encoder() {
    return objects;
  }

  @Override
  public List<Weight> weights() {
    List<Weight> weights = new ArrayList<>();
    if (reconstructs() || contrasts() || settings.sharedEncoder()) {
      weights.addAll(objects.weights("encoder"));
    }
    if (settings.imageWeight() > 0) {
      weights.addAll(autoencoder.decoderWeights("decoder"));
      if (!settings.sharedEncoder()) {
        weights.addAll(images.weights("images"));
      }
    }
    if (reconstructs()) {
      weights.addAll(painter.weights("painter"));
    }
    if (contrasts()) {
      weights.addAll(heads.weights());
    }
    return weights;
  }

  private boolean reconstructs() {
    return settings.objectWeight() * settings.object().reconstructionWeight() > 0;
  }

  private boolean contrasts() {
    return settings.objectWeight() * settings.contrast().weight() > 0;
  }

  @Override
  public Map<String, NDArray> state() {
    Map<String, NDArray> state = new LinkedHashMap<>(objects.state("encoder"));
    state.putAll(heads.state());
    state.putAll(monitor.state());
    return state;
  }

  /** Images as MAE; two regions with gradients, their partners without. */
  @Override
  public long flops() {
    long region = objects.flops(settings.encoder().imageSize());
    long projected = heads.projector().flops();
    long predicted = heads.predictor().flops();
    long sum = settings.imageWeight() > 0 ? autoencoder.flops() : 0;
    if (reconstructs()) {
      sum += LayerFlops.TRAINED * (region + painter.flops());
    }
    if (contrasts()) {
      sum += LayerFlops.TRAINED * (region + projected + predicted) + region + projected;
      if (settings.contrast().symmetric()) {
        sum += LayerFlops.TRAINED * (region + projected + predicted) + region + projected;
      }
    }
    return sum;
  }

  @Override
  public Map<String, Double> observe(Step step) {
    return contrasts() ? monitor.observe(step) : Map.of();
  }

  @Override
  public Optional<ImageEmbedder> projections() {
    return !contrasts()
        ? Optional.empty()
        : Optional.of(
            (images, step) -> {
              NDArray planes =
                  Batches.images(images, objects.settings().imageSize(), step.manager());
              NDArray embedding = objects.embedding(step.store(), planes, false);
              return heads.projector().infer(step.store(), embedding);
            });
  }

  /** Regions as they are painted; and each masked region beside its partner. */
  @Override
  public Map<String, Visualisation> drawings(Examples<IocaExample> examples) {
    List<IocaExample> shown = PretrainingModel.shown(examples, Reconstructions.COUNT);
    List<MaskedImage> regions = shown.stream().map(IocaExample::region).toList();
    List<List<float[]>> sides =
        shown.stream()
            .map(e -> List.of(e.query().image().visible(), e.partner().image().pixels().values()))
            .toList();
    return Map.of(
        "regions",
        step ->
            painter.sheet(
                regions,
                painter.paint(step.store(), latent(batch(regions, step).visible(), step), false)),
        "pairs",
        step -> TwoViews.sheet(sides, List.of("region", "partner")));
  }

  @Override
  public Losses losses(List<IocaExample> batch, Step step) {
    Map<String, NDArray> terms = new LinkedHashMap<>();
    List<NDArray> summands = new ArrayList<>();
    if (settings.imageWeight() > 0) {
      add("image", image(batch, step), settings.imageWeight(), terms, summands);
    }
    if (reconstructs()) {
      double weight = settings.objectWeight() * settings.object().reconstructionWeight();
      add("reconstruction", reconstruction(batch, step), weight, terms, summands);
    }
    if (contrasts()) {
      double weight = settings.objectWeight() * settings.contrast().weight();
      add("contrast", contrast(batch, step), weight, terms, summands);
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
  private NDArray image(List<IocaExample> batch, Step step) {
    List<RandomMask> masks = batch.stream().map(IocaExample::imageMask).toList();
    return autoencoder.loss(batch.stream().map(e -> e.image().values()).toList(), masks, step);
  }

  /** 1/Ω(o_M)·‖o'_M − o_M‖₁ on regions drawn from all that were kept. */
  private NDArray reconstruction(List<IocaExample> batch, Step step) {
    List<MaskedImage> regions = batch.stream().map(IocaExample::region).toList();
    MaskedBatch masked = batch(regions, step);
    NDArray painted = painter.paint(step.store(), latent(masked.visible(), step), true);
    return painter.loss(painted, masked, settings.object().normPix());
  }

  private MaskedBatch batch(List<MaskedImage> images, Step step) {
    return MaskedBatch.of(images, settings.encoder().imageSize(), step.manager());
  }

  /** SimSiam's loss from a masked region to its partner, and back if so set. */
  private NDArray contrast(List<IocaExample> batch, Step step) {
    NDArray partners = target(batch, IocaExample::partner, step);
    monitor.see(partners);
    NDArray forth =
        Similarity.simSiam(
            predict(embed(batch, IocaExample::query, MaskedBatch::visible, step), step), partners);
    if (!settings.contrast().symmetric()) {
      return forth;
    }
    NDArray back =
        Similarity.simSiam(
            predict(embed(batch, IocaExample::partner, MaskedBatch::pixels, step), step),
            target(batch, IocaExample::query, step));
    return Scalars.times(forth.add(back), .5);
  }

  /** p [N, d]. */
  private NDArray predict(NDArray embedding, Step step) {
    ParameterStore store = step.store();
    return heads.predictor().apply(store, heads.projector().apply(store, embedding));
  }

  /** z [N, d] of unmasked regions: no gradient flows, none is recorded. */
  NDArray target(List<IocaExample> batch, Function<IocaExample, IocaExample.Side> side, Step step) {
    return Gradients.without(
        () -> heads.projector().apply(step.store(), embed(batch, side, MaskedBatch::pixels, step)));
  }

  /** The mean patch token of regions, over the tokens that show them: [N, D]. */
  private NDArray embed(
      List<IocaExample> batch,
      Function<IocaExample, IocaExample.Side> side,
      Function<MaskedBatch, NDArray> shown,
      Step step) {
    List<IocaExample.Side> sides = batch.stream().map(side).toList();
    MaskedBatch images = batch(sides.stream().map(IocaExample.Side::image).toList(), step);
    NDArray latent = latent(shown.apply(images), step);
    List<float[]> shares = sides.stream().map(s -> s.tokenShares().values()).toList();
    NDArray share = Batches.array(shares, step.manager(), settings.encoder().tokens(), 1);
    return latent.mul(share).sum(new int[] {1}); // Σ share · token, shares sum to 1
  }

  /** Patch tokens [N, T, D] of images [N, 3, S, S]. */
  private NDArray latent(NDArray images, Step step) {
    return objects.patchTokens(objects.latent(step.store(), images, true));
  }
}
