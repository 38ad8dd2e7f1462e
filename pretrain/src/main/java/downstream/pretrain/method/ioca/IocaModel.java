package downstream.pretrain.method.ioca;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Scalars;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.method.Mae;
import downstream.pretrain.model.Batches;
import downstream.pretrain.model.DecoderFile;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.MaskedBatch;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.ReconstructionSheet;
import downstream.pretrain.model.ViewSheet;
import downstream.pretrain.monitor.CollapseMonitor;
import downstream.pretrain.monitor.ImageEmbedder;
import downstream.pretrain.monitor.TermGradients;
import downstream.pretrain.monitor.Visualisation;
import downstream.pretrain.settings.EncoderSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The model of IOCA's second stage:
 *
 * <p>L = λ1·L_image + λ2·(w_r·L_reconstruction + w_c·L_contrast), where L_image is MAE's loss on
 * whole images ({@link Mae.MaeModel}) and the others are the {@link ObjectLosses} of regions.
 */
final class IocaModel implements PretrainingModel<IocaExample> {
  private static final String IMAGE = "image";

  private final IocaSettings settings;
  private final Encoder regionEncoder;
  private final Encoder imageEncoder;
  private final Mae.MaeModel mae;
  private final RegionDecoder regionDecoder;
  private final ObjectLosses regions;
  private final CollapseMonitor monitor;
  private List<IocaExample> latest = List.of(); // of the step, for its observation

  /**
   * @param start initial weights of both encoders
   * @param manager owns the weights
   */
  IocaModel(IocaSettings settings, EncoderFile start, long seed, NDManager manager) {
    this.settings = settings;
    EncoderSettings encoder = settings.encoder();
    double layerDecay = settings.stage2().layerDecay();
    regionEncoder = new Encoder(encoder, start, layerDecay, manager);
    imageEncoder =
        settings.regionsShareImageEncoder()
            ? regionEncoder
            : new Encoder(encoder, start, layerDecay, manager);
    mae = new Mae.MaeModel(settings.stage1Settings(), seed, imageEncoder, manager);
    regionDecoder =
        RegionDecoder.of(settings.object().decoder(), mae, regionEncoder, seed, manager);
    monitor = new CollapseMonitor("ioca", "projections", settings.training().monitor(), manager);
    regions = new ObjectLosses(settings, regionEncoder, regionDecoder, monitor, seed, manager);
  }

  /** Takes over the decoder beside the encoder of stage 1, if there is one. */
  void restoreDecoder(Path stage1) {
    if (hasMaeDecoder()) {
      DecoderFile.restore(stage1, mae.decoderWeights("decoder"));
    }
  }

  private boolean hasMaeDecoder() {
    return settings.hasImageLoss() || settings.reconstructsByStage1();
  }

  ObjectLosses regions() {
    return regions;
  }

  @Override
  public NDList arrays(List<IocaExample> batch, NDManager manager) {
    NDList images = mae.arrays(batch.stream().map(IocaExample::image).toList(), manager);
    int size = settings.encoder().imageSize();
    return IocaBatch.arrays(images, batch, size, settings.object().oneDraw(), manager);
  }

  @Override
  public Losses losses(List<IocaExample> batch, Step step) {
    latest = batch;
    Map<String, NDArray> terms = terms(batch, step);
    NDArray total =
        terms.entrySet().stream()
            .map(term -> Scalars.times(term.getValue(), weight(term.getKey(), step)))
            .reduce(NDArray::add)
            .orElseThrow();
    return new Losses(total, terms);
  }

  /** The terms that have a weight, by name: scalars. */
  private Map<String, NDArray> terms(List<IocaExample> batch, Step step) {
    IocaBatch arrays = batch(batch, step);
    Map<String, NDArray> terms = new LinkedHashMap<>();
    if (settings.hasImageLoss()) {
      terms.put(IMAGE, mae.loss(arrays.images(), step.store()));
    }
    terms.putAll(regions.of(arrays, step));
    return terms;
  }

  IocaBatch batch(List<IocaExample> batch, Step step) {
    return IocaBatch.of(arrays(batch, step), settings.object().oneDraw());
  }

  private double weight(String term, Step step) {
    return switch (term) {
      case IMAGE -> settings.imageWeight();
      case ObjectLosses.RECONSTRUCTION ->
          settings.objectWeight() * settings.object().reconstructionWeight();
      case ObjectLosses.CONTRAST ->
          settings.objectWeight() * settings.contrast().weightAt(step.index(), step.steps());
      default -> throw new IllegalArgumentException(term);
    };
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
    double rate = settings.stage2().encoderRateFraction();
    List<Weight> weights = new ArrayList<>();
    if (settings.hasObjectLoss() || settings.regionsShareImageEncoder()) {
      weights.addAll(regionEncoder.weights("encoder", rate));
    }
    if (hasMaeDecoder()) {
      weights.addAll(mae.decoderWeights("decoder"));
    }
    if (settings.hasImageLoss() && !settings.regionsShareImageEncoder()) {
      weights.addAll(imageEncoder.weights("imageEncoder", rate));
    }
    if (settings.hasReconstruction()) {
      weights.addAll(regionDecoder.weights());
    }
    if (settings.hasContrast()) {
      weights.addAll(regions.heads().weights());
    }
    return weights;
  }

  @Override
  public Map<String, NDArray> state() {
    Map<String, NDArray> state = new LinkedHashMap<>(regionEncoder.state("encoder"));
    if (!settings.regionsShareImageEncoder()) {
      state.putAll(imageEncoder.state("imageEncoder"));
    }
    state.putAll(regions.heads().state());
    state.putAll(monitor.state());
    return state;
  }

  /** Images as MAE, then regions. */
  @Override
  public long flops() {
    return (settings.hasImageLoss() ? mae.flops() : 0) + regions.flops();
  }

  @Override
  public Map<String, NDArray> measure(Step step) {
    return settings.hasContrast() ? monitor.measure() : Map.of();
  }

  @Override
  public void check(int step, int steps, Map<String, Double> measured) {
    if (settings.hasContrast()) {
      monitor.check(step, steps, measured);
    }
  }

  @Override
  public boolean observesAt(Step step) {
    return settings.training().monitor().isEvaluationPoint(step);
  }

  /** Measures how strongly each term, before its weight, pulls the encoder, and if they agree. */
  @Override
  public Map<String, Double> observe(Step step) {
    List<Weight> encoder =
        weights().stream().filter(weight -> weight.name().startsWith("encoder.")).toList();
    return TermGradients.observe(this, encoder, () -> terms(latest, step), step.manager());
  }

  @Override
  public Optional<ImageEmbedder> projections() {
    return settings.hasContrast()
        ? Optional.of(regions.heads().projections(regionEncoder))
        : Optional.empty();
  }

  /** Reconstructions of regions; and each masked region beside its partner. */
  @Override
  public Map<String, Visualisation> visualisations(List<IocaExample> sample) {
    return Map.of(
        "regions",
        step -> {
          List<MaskedImage> masked = sample.stream().map(e -> e.region().image()).toList();
          MaskedBatch batch =
              MaskedBatch.of(masked, settings.encoder().imageSize(), step.manager());
          return ReconstructionSheet.ofPixels(
              masked,
              regions.reconstruct(batch, step),
              settings.object().normPix(),
              settings.encoder());
        },
        "pairs",
        step -> ViewSheet.of(pairs(sample, step), List.of("region", "partner")));
  }

  private List<List<float[]>> pairs(List<IocaExample> sample, Step step) {
    List<IocaExample> paired = sample.stream().filter(IocaExample::paired).toList();
    if (paired.isEmpty()) {
      return List.of();
    }
    MaskedBatch queries =
        MaskedBatch.of(
            paired.stream().map(e -> e.query().image()).toList(),
            settings.encoder().imageSize(),
            step.manager());
    List<float[]> visible = Batches.rows(regions.visible(queries));
    List<List<float[]>> pairs = new ArrayList<>();
    for (int i = 0; i < paired.size(); i++) {
      pairs.add(List.of(visible.get(i), paired.get(i).partner().image().pixels().values()));
    }
    return pairs;
  }
}
