package downstream.pretrain.method.contrast;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.parallel.BatchShare;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.EngineSeed;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Scalars;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.HeadLayers;
import downstream.pretrain.model.HeadLayers.Start;
import downstream.pretrain.model.JointEmbeddingModel;
import downstream.pretrain.model.LayerFlops;
import downstream.pretrain.model.MlpHead;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.model.targets.MovingAverage;
import downstream.pretrain.model.targets.MovingAverage.Momentum;
import downstream.pretrain.model.targets.ProjectedEncoder;
import downstream.pretrain.model.targets.Queue;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.SimSiamView;
import downstream.pretrain.views.TwoViews;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * DenseCL (Wang et al., "Dense Contrastive Learning for Self-Supervised Visual Pre-Training", CVPR
 * 2021, arXiv 2011.09157): MoCo v2 beside the same for cells. The positive of a cell is that cell
 * of the other view whose features are most alike; its negatives are pooled keys of other images.
 */
public final class DenseCl extends PretrainingMethod<DenseClSettings> {
  public DenseCl() {
    super(
        "densecl",
        "Dense contrastive learning (DenseCL, Wang et al. 2021): MoCo v2 on images and their cells",
        DenseClSettings.class,
        DenseClSettings.PRESETS);
  }

  @Override
  public TrainingStage<List<float[]>, DenseClModel> stages(
      DenseClSettings settings, PretrainingRequest request) {
    Photos photos = new Photos(request.images());
    int batch = settings.training().batchOf(photos.size());
    Queue.checkImages("queueLength", settings.queueLength(), batch, photos.size());
    return new TrainingStage<>(
        "densecl",
        manager -> new DenseClModel(settings, request.seed(), manager),
        views(settings, photos),
        settings.training(),
        settings.budget());
  }

  static TwoViews views(DenseClSettings settings, Photos photos) {
    SimSiamView view = new SimSiamView(settings.encoder().imageSize(), settings.minCropArea());
    return new TwoViews(photos, view, view);
  }

  /**
   * Encoder with a head of images, and a head of cells ({@code necks.py}): linear with bias, ReLU,
   * linear with bias, the second as 1 × 1 convolutions, which start as PyTorch's do.
   */
  record Network(ProjectedEncoder whole, MlpHead denseProjector) {
    static Network of(DenseClSettings settings, EncoderFile start, NDManager manager) {
      Encoder encoder = new Encoder(settings.encoder(), start, manager);
      return new Network(
          new ProjectedEncoder(encoder, head(settings, Start.KAIMING, manager)),
          head(settings, Start.PYTORCH, manager));
    }

    static MlpHead head(DenseClSettings settings, Start start, NDManager manager) {
      return HeadLayers.from(settings.encoder().embeddingWidth(), start)
          .linear(settings.hidden())
          .relu()
          .linear(settings.projectorOutputWidth())
          .build(manager);
    }

    List<Weight> weights(String prefix) {
      List<Weight> weights = new ArrayList<>(whole.weights(prefix));
      weights.addAll(denseProjector.weights(prefix + "dense_projector"));
      return weights;
    }

    /** Forward, of one view of so many cells. */
    long flops(int cells) {
      return whole.flops(encoder().settings().imageSize()) + cells * denseProjector.flops();
    }

    Encoder encoder() {
      return whole.encoder();
    }
  }

  /**
   * Features and projections of a view, all rows of length 1.
   *
   * @param backbone [N, L, D] features of cells
   * @param image [N, d] projections of images
   * @param cells [N, L, d] projections of cells
   * @param pooled [N, d] mean projections of cells
   */
  record Projections(NDArray backbone, NDArray image, NDArray cells, NDArray pooled) {
    /** Projections of features [N, L, D]. */
    static Projections of(NDArray features, Network network, Step step) {
      NDArray image = network.whole.projector().apply(step.store(), features.mean(new int[] {1}));
      NDArray cells = network.denseProjector.apply(step.store(), features);
      return new Projections(
          Similarity.normalised(features),
          Similarity.normalised(image),
          Similarity.normalised(cells),
          Similarity.normalised(cells.mean(new int[] {1})));
    }
  }

  /** Query and key network, and their queues. N images of L cells, d the width of queries. */
  static final class DenseClModel extends JointEmbeddingModel {
    private final DenseClSettings settings;
    private final Network query;
    private final Network key;
    private final MovingAverage average;
    private final Queue queue;
    private final Queue denseQueue;
    private final BatchNormGroups groups;
    private Optional<NDArray> newKeys = Optional.empty(); // of the step
    private Optional<NDArray> newDenseKeys = Optional.empty();

    /**
     * @param manager owns the weights
     */
    DenseClModel(DenseClSettings settings, long seed, NDManager manager) {
      super("densecl", List.of("query", "key"), settings.training().monitor(), manager);
      this.settings = settings;
      EncoderFile start = settings.encoder().start("densecl", seed);
      Engine.getInstance().setRandomSeed(EngineSeed.of(seed));
      query = Network.of(settings, start, manager);
      key = Network.of(settings, start, manager);
      average =
          new MovingAverage(
              Momentum.constant(settings.targetMomentum()),
              query.weights(""),
              key.weights("target."));
      int width = settings.projectorOutputWidth();
      queue = new Queue("queue", settings.queueLength(), width, manager);
      denseQueue = new Queue("dense_queue", settings.queueLength(), width, manager);
      groups = new BatchNormGroups(settings.groups(), seed);
    }

    @Override
    public Losses losses(List<List<float[]>> batch, Step step) {
      NDList views = arrays(batch, step); // [N, 3, S, S] each
      Projections q =
          Projections.of(
              groups.ordered(views.get(0), part -> query.encoder().cells(step.store(), part, true)),
              query,
              step);
      Projections k =
          Projections.of(
              groups.shuffled(
                  views.get(1),
                  step.index(),
                  part -> key.encoder().cells(step.store(), part, true)),
              key,
              step); // no gradient: none of its weights has one
      monitor(q.image());
      newKeys = Optional.of(BatchShare.current().gatherRows(k.image()));
      newDenseKeys = Optional.of(BatchShare.current().gatherRows(k.pooled()));
      NDArray logits = imageLogits(q, k);
      log("accuracy", Similarity.accuracy(logits));
      NDArray image = Similarity.infoNce(logits);
      NDArray dense = Similarity.infoNce(cellLogits(q, k));
      NDArray total =
          Scalars.times(image, 1 - settings.denseWeight())
              .add(Scalars.times(dense, settings.denseWeight()));
      Map<String, NDArray> terms = new LinkedHashMap<>();
      terms.put("image", image);
      terms.put("dense", dense);
      return new Losses(total, terms);
    }

    private NDArray imageLogits(Projections q, Projections k) {
      NDArray negatives = queue.similarities(q.image());
      return Moco.MocoModel.logits(q.image(), k.image(), negatives, settings.temperature());
    }

    /** [N · L, 1 + K]. */
    private NDArray cellLogits(Projections q, Projections k) {
      int width = settings.projectorOutputWidth();
      NDArray positives = partners(q.backbone(), k.backbone(), k.cells()).reshape(-1, width);
      NDArray cells = q.cells().reshape(-1, width);
      NDArray negatives = denseQueue.similarities(cells);
      return Moco.MocoModel.logits(cells, positives, negatives, settings.temperature());
    }

    /**
     * Finds, for each query cell, the key cell whose features are most like its own: its
     * projection.
     *
     * @param query [N, L, D] unit rows
     * @param key [N, L, D] unit rows
     * @param projections [N, L, d] of the key's cells
     * @return [N, L, d], a constant
     */
    static NDArray partners(NDArray query, NDArray key, NDArray projections) {
      NDArray similarities = query.stopGradient().matMul(key.swapAxes(1, 2)); // [N, L, L]
      Shape shape = projections.getShape();
      NDArray nearest = similarities.argMax(2).reshape(shape.get(0), shape.get(1), 1);
      return projections.gather(nearest.broadcast(shape), 1).stopGradient();
    }

    @Override
    public void afterUpdate(Step step) {
      average.update(step);
      queue.enqueue(newKeys.orElseThrow());
      denseQueue.enqueue(newDenseKeys.orElseThrow());
    }

    @Override
    public Encoder encoder() {
      return query.encoder();
    }

    @Override
    public List<Weight> weights() {
      return query.weights("");
    }

    @Override
    protected Map<String, NDArray> networkState() {
      Map<String, NDArray> state = average.state();
      state.putAll(query.whole.state(""));
      state.putAll(key.whole.state("target."));
      state.putAll(queue.state());
      state.putAll(denseQueue.state());
      return state;
    }

    /**
     * A query with gradients, a key without, the products of image and cells with the queues, which
     * have none, and that of all cells with each other.
     */
    @Override
    public long flops() {
      int cells = settings.cells();
      long view = query.flops(cells);
      long negatives = 2L * settings.queueLength() * settings.projectorOutputWidth() * (1 + cells);
      long matches = 2L * cells * cells * settings.encoder().embeddingWidth();
      return LayerFlops.TRAINED * view + view + 2 * negatives + matches;
    }
  }
}
