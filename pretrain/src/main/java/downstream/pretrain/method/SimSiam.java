package downstream.pretrain.method;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.EngineSeed;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Scalars;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.JointEmbeddingModel;
import downstream.pretrain.model.LayerFlops;
import downstream.pretrain.model.MlpHead;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.model.targets.ProjectedEncoder;
import downstream.pretrain.monitor.ImageEmbedder;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.SimSiamView;
import downstream.pretrain.views.TwoViews;
import downstream.pretrain.views.View;
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
public final class SimSiam extends PretrainingMethod<SimSiamSettings> {
  public SimSiam() {
    super(
        "simsiam",
        "Simple siamese learning (Chen and He 2021): stop-gradient instead of a target network",
        SimSiamSettings.class,
        SimSiamSettings.PRESETS);
  }

  @Override
  public TrainingStage<List<float[]>, SimSiamModel> stages(
      SimSiamSettings settings, PretrainingRequest request) {
    View view = new SimSiamView(settings.encoder().imageSize(), settings.minCropArea());
    return new TrainingStage<>(
        "simsiam",
        manager -> new SimSiamModel(settings, request.seed(), manager),
        new TwoViews(new Photos(request.images()), view, view),
        settings.training(),
        settings.budget());
  }

  /** Projector and predictor, which IOCA has too. */
  public static final class Heads {
    private final MlpHead projector;
    private final MlpHead predictor;
    private final boolean fixedPredictorLearningRate;

    public Heads(MlpHead projector, MlpHead predictor, boolean fixedPredictorLearningRate) {
      this.projector = projector;
      this.predictor = predictor;
      this.fixedPredictorLearningRate = fixedPredictorLearningRate;
    }

    public MlpHead projector() {
      return projector;
    }

    public MlpHead predictor() {
      return predictor;
    }

    /** The projections of images for the monitor, in inference mode: rows of d. */
    public ImageEmbedder projections(Encoder encoder) {
      return new ProjectedEncoder(encoder, projector).embedder();
    }

    public List<Weight> weights() {
      List<Weight> weights = new ArrayList<>(projector.weights("projector"));
      for (Weight weight : predictor.weights("predictor")) {
        weights.add(
            new Weight(
                weight.name(),
                weight.array(),
                weight.decay(),
                weight.rateScale(),
                !fixedPredictorLearningRate));
      }
      return weights;
    }

    /** Batch-norm statistics. */
    public Map<String, NDArray> state() {
      Map<String, NDArray> state = new LinkedHashMap<>(projector.state("projector"));
      state.putAll(predictor.state("predictor"));
      return state;
    }
  }

  /** Encoder, projector and predictor. N images, D the encoder's width, d that of a projection. */
  static final class SimSiamModel extends JointEmbeddingModel {
    private final SimSiamSettings settings;
    private final Encoder encoder;
    private final Heads heads;

    /**
     * @param manager owns the weights
     */
    SimSiamModel(SimSiamSettings settings, long seed, NDManager manager) {
      super("simsiam", List.of("view 1", "view 2"), settings.training().monitor(), manager);
      this.settings = settings;
      encoder = new Encoder(settings.encoder(), seed, manager);
      Engine.getInstance().setRandomSeed(EngineSeed.of(seed));
      int width = settings.width();
      heads =
          new Heads(
              MlpHead.simSiamProjector(settings.encoder().embeddingWidth(), width, width, manager),
              MlpHead.simSiamPredictor(width, SimSiamSettings.bottleneck(width), manager),
              settings.fixedPredictorLearningRate());
    }

    @Override
    public Losses losses(List<List<float[]>> batch, Step step) {
      NDList views = arrays(batch, step); // [N, 3, S, S] each
      NDArray z1 = project(views.get(0), step); // [N, d]
      NDArray z2 = project(views.get(1), step);
      monitor(z1);
      NDArray p1 = heads.predictor().apply(step.store(), z1); // [N, d]
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

    /** Projections [N, d] of images [N, 3, S, S]. */
    private NDArray project(NDArray images, Step step) {
      NDArray embedding = encoder.embedding(step.store(), images, true); // [N, D]
      return heads.projector().apply(step.store(), embedding);
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
    protected Map<String, NDArray> networkState() {
      Map<String, NDArray> state = new LinkedHashMap<>(encoder.state("encoder"));
      state.putAll(heads.state());
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
      return Optional.of(heads.projections(encoder));
    }
  }
}
