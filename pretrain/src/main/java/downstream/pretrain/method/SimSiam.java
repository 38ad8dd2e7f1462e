package downstream.pretrain.method;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.pretraining.CostEstimate;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Scalars;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.model.Batches;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.LayerFlops;
import downstream.pretrain.model.MlpHead;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.model.Reconstructions;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.model.TwoViews;
import downstream.pretrain.monitor.CollapseMonitor;
import downstream.pretrain.monitor.ImageEmbedder;
import downstream.pretrain.monitor.Visualisation;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.SimSiamView;
import downstream.pretrain.views.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * SimSiam (Chen and He, "Exploring Simple Siamese Representation Learning", CVPR 2021, arXiv
 * 2011.10566): the prediction of one view is pulled towards the projection of the other, through
 * which no gradient flows. One network, no negatives, no moving average.
 */
public final class SimSiam implements Pretrainer {
  @Override
  public String name() {
    return "simsiam";
  }

  @Override
  public String summary() {
    return "Simple siamese learning (Chen and He 2021): stop-gradient instead of a target network";
  }

  @Override
  public Map<String, Record> presets() {
    return SimSiamSettings.PRESETS;
  }

  @Override
  public List<CostEstimate> estimate(PretrainingRequest pretraining) throws IOException {
    return List.of(stage(pretraining).estimate(pretraining));
  }

  @Override
  public void run(PretrainingRequest pretraining) throws IOException {
    stage(pretraining).run(this, pretraining.resolve(SimSiamSettings.class), pretraining);
  }

  public static TrainingStage<List<float[]>, Siamese> stage(PretrainingRequest pretraining) {
    SimSiamSettings settings = pretraining.resolve(SimSiamSettings.class);
    View view = new SimSiamView(settings.encoder().imageSize(), settings.minCropArea());
    return new TrainingStage<>(
        "simsiam",
        manager -> new Siamese(settings, pretraining.seed(), manager),
        new TwoViews(new Photos(pretraining.images()), view, view),
        settings.training(),
        settings.budget());
  }

  /** Projector and predictor, which IOCA has too. */
  static final class Heads {
    private final MlpHead projector;
    private final MlpHead predictor;
    private final boolean fixedPredictorRate;

    Heads(MlpHead projector, MlpHead predictor, boolean fixedPredictorRate) {
      this.projector = projector;
      this.predictor = predictor;
      this.fixedPredictorRate = fixedPredictorRate;
    }

    MlpHead projector() {
      return projector;
    }

    MlpHead predictor() {
      return predictor;
    }

    List<Weight> weights() {
      List<Weight> weights = new ArrayList<>(projector.weights("projector"));
      for (Weight weight : predictor.weights("predictor")) {
        weights.add(
            new Weight(
                weight.name(),
                weight.array(),
                weight.decay(),
                weight.rateScale(),
                !fixedPredictorRate));
      }
      return weights;
    }

    Map<String, NDArray> state() {
      Map<String, NDArray> state = new LinkedHashMap<>(projector.state("projector"));
      state.putAll(predictor.state("predictor"));
      return state;
    }
  }

  /** The method itself. N images, d the width of a projection. */
  static final class Siamese implements PretrainingModel<List<float[]>> {
    private final SimSiamSettings settings;
    private final Encoder encoder;
    private final Heads heads;
    private final CollapseMonitor monitor;

    /**
     * @param manager owns the weights
     */
    Siamese(SimSiamSettings settings, long seed, NDManager manager) {
      this.settings = settings;
      encoder = new Encoder(settings.encoder(), seed, manager);
      Engine.getInstance().setRandomSeed((int) seed);
      int width = settings.width();
      heads =
          new Heads(
              MlpHead.simSiamProjector(settings.encoder().embedding(), width, width, manager),
              MlpHead.simSiamPredictor(width, SimSiamSettings.bottleneck(width), manager),
              settings.fixedPredictorLearningRate());
      monitor =
          new CollapseMonitor("simsiam", "projections", settings.training().monitor(), manager);
    }

    @Override
    public String name() {
      return "simsiam";
    }

    @Override
    public Encoder encoder() {
      return encoder;
    }

    @Override
    public List<Weight> weights() {
      List<Weight> weights = new ArrayList<>(encoder.weights("encoder"));
      weights.addAll(heads.weights());
      return weights;
    }

    @Override
    public Map<String, NDArray> state() {
      Map<String, NDArray> state = new LinkedHashMap<>(encoder.state("encoder"));
      state.putAll(heads.state());
      state.putAll(monitor.state());
      return state;
    }

    @Override
    public long flops() {
      long view =
          encoder.flops(settings.encoder().imageSize())
              + heads.projector().flops()
              + heads.predictor().flops();
      return 2 * LayerFlops.TRAINED * view;
    }

    @Override
    public Optional<ImageEmbedder> projections() {
      return Optional.of(
          (images, step) -> {
            NDArray planes = Batches.images(images, encoder.settings().imageSize(), step.manager());
            NDArray embedding = encoder.embedding(step.store(), planes, false);
            return heads.projector().infer(step.store(), embedding);
          });
    }

    @Override
    public Map<String, Visualisation> drawings(Examples<List<float[]>> examples) {
      List<List<float[]>> shown = PretrainingModel.shown(examples, Reconstructions.COUNT);
      return Map.of("views", step -> TwoViews.sheet(shown, List.of("view 1", "view 2")));
    }

    @Override
    public Map<String, Double> observe(Step step) {
      return monitor.observe(step);
    }

    @Override
    public Losses losses(List<List<float[]>> batch, Step step) {
      NDArray z1 = project(batch, 0, step); // [N, d]
      NDArray z2 = project(batch, 1, step);
      monitor.see(z1);
      NDArray p1 = heads.predictor().apply(step.store(), z1);
      NDArray p2 = heads.predictor().apply(step.store(), z2);
      NDArray loss = loss(p1, z2, p2, z1);
      return new Losses(loss, Map.of("loss", loss));
    }

    /** Equation 2: no gradient reaches a projection. */
    static NDArray loss(NDArray p1, NDArray z2, NDArray p2, NDArray z1) {
      NDArray both =
          Similarity.simSiam(p1, z2.stopGradient()).add(Similarity.simSiam(p2, z1.stopGradient()));
      return Scalars.times(both, .5);
    }

    private NDArray project(List<List<float[]>> batch, int view, Step step) {
      List<float[]> planes = batch.stream().map(views -> views.get(view)).toList();
      NDArray images = Batches.images(planes, settings.encoder().imageSize(), step.manager());
      NDArray embedding = encoder.embedding(step.store(), images, true); // [N, D]
      return heads.projector().apply(step.store(), embedding);
    }
  }
}
