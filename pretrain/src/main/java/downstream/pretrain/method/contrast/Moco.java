package downstream.pretrain.method.contrast;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
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
import downstream.pretrain.model.targets.MovingAverage.Momentum;
import downstream.pretrain.model.targets.ProjectedEncoder;
import downstream.pretrain.model.targets.Queue;
import downstream.pretrain.model.targets.TargetNetwork;
import downstream.pretrain.monitor.ImageEmbedder;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.views.MocoView;
import downstream.pretrain.views.OrlView;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.SimSiamView;
import downstream.pretrain.views.TwoViews;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * MoCo (He et al., "Momentum Contrast for Unsupervised Visual Representation Learning", CVPR 2020,
 * arXiv 1911.05722): the query of one view has to be told its key, which the key network, a moving
 * average, makes of the other view, from the keys of other images. These are in a queue in version
 * 1 and version 2 (Chen et al. 2020, arXiv 2003.04297), and in the batch, both ways, in version 3
 * (Chen, Xie and He 2021, arXiv 2104.02057).
 */
public final class Moco extends PretrainingMethod<MocoSettings> {
  public Moco() {
    super(
        "moco",
        "Momentum contrast (MoCo 1, 2 and 3, He et al. 2020): finds an image's key among others",
        MocoSettings.class,
        MocoSettings.PRESETS);
  }

  @Override
  public TrainingStage<List<float[]>, MocoModel> stages(
      MocoSettings settings, PretrainingRequest request) {
    Photos photos = new Photos(request.images());
    if (settings.queued()) {
      int batch = settings.training().batchOf(photos.size());
      Queue.checkImages("queueLength", settings.queueLength(), batch, photos.size());
    }
    return new TrainingStage<>(
        "moco",
        manager -> new MocoModel(settings, request.seed(), manager),
        views(settings, photos),
        settings.training(),
        settings.budget());
  }

  /** Each version has views of its own. */
  static TwoViews views(MocoSettings settings, Photos photos) {
    int size = settings.encoder().imageSize();
    double area = settings.minCropArea();
    return switch (settings.version()) {
      case 1 -> new TwoViews(photos, new MocoView(size, area), new MocoView(size, area));
      case 2 -> new TwoViews(photos, new SimSiamView(size, area), new SimSiamView(size, area));
      default -> new TwoViews(photos, OrlView.first(size, area), OrlView.second(size, area));
    };
  }

  /** The projector of a version, of rows as wide as the embedding ({@code builder.py}). */
  static MlpHead projector(MocoSettings settings, NDManager manager) {
    HeadLayers layers = HeadLayers.from(settings.encoder().embeddingWidth(), Start.PYTORCH);
    int hidden = settings.hidden();
    int out = settings.projectorOutputWidth();
    return switch (settings.version()) {
      case 1 -> layers.linear(out).build(manager);
      case 2 -> layers.linear(hidden).relu().linear(out).build(manager);
      default -> {
        layers.linearWithoutBias(hidden).norm().relu();
        if (settings.encoder().isTransformer()) {
          layers.linearWithoutBias(hidden).norm().relu();
        }
        yield layers.linearWithoutBias(out).normWithoutAffine().build(manager);
      }
    };
  }

  /** Version 3's predictor: its last norm is the transformers' alone. */
  static MlpHead predictor(MocoSettings settings, NDManager manager) {
    int width = settings.projectorOutputWidth();
    HeadLayers layers =
        HeadLayers.from(width, Start.PYTORCH)
            .linearWithoutBias(settings.hidden())
            .norm()
            .relu()
            .linearWithoutBias(width);
    return (settings.encoder().isTransformer() ? layers.normWithoutAffine() : layers)
        .build(manager);
  }

  /** Query network, key network and negatives. N images, d the width of queries, K of the queue. */
  static final class MocoModel extends JointEmbeddingModel {
    private final MocoSettings settings;
    private final ProjectedEncoder query;
    private final TargetNetwork key;
    private final Optional<MlpHead> predictor;
    private final Optional<Queue> queue;
    private final BatchNormGroups groups;
    private Optional<NDArray> newKeys = Optional.empty(); // of the step

    /**
     * @param manager owns the weights
     */
    MocoModel(MocoSettings settings, long seed, NDManager manager) {
      super("moco", List.of("query", "key"), settings.training().monitor(), manager);
      this.settings = settings;
      EncoderFile start = settings.encoder().start("moco", seed);
      Engine.getInstance().setRandomSeed(EngineSeed.of(seed));
      query = network(start, manager);
      predictor = settings.queued() ? Optional.empty() : Optional.of(predictor(settings, manager));
      Momentum momentum =
          settings.queued()
              ? Momentum.constant(settings.targetMomentum())
              : Momentum.risingBeforeStep(settings.targetMomentum());
      key = new TargetNetwork(momentum, query, network(start, manager));
      queue =
          settings.queued()
              ? Optional.of(
                  new Queue(
                      "queue", settings.queueLength(), settings.projectorOutputWidth(), manager))
              : Optional.empty();
      groups = new BatchNormGroups(settings.groups(), seed);
    }

    private ProjectedEncoder network(EncoderFile start, NDManager manager) {
      return new ProjectedEncoder(
          new Encoder(settings.encoder(), start, manager), projector(settings, manager));
    }

    @Override
    public Losses losses(List<List<float[]>> batch, Step step) {
      NDList views = arrays(batch, step); // [N, 3, S, S] each
      NDArray loss = queue.isPresent() ? againstQueue(views, step) : againstBatch(views, step);
      return new Losses(loss, Map.of("loss", loss));
    }

    /** Versions 1 and 2, algorithm 1: one view is the query, the other the key. */
    private NDArray againstQueue(NDList views, Step step) {
      NDArray q = // [N, d]
          Similarity.normalised(
              groups.ordered(views.get(0), part -> query.project(step.store(), part)));
      NDArray k = // [N, d], no gradient
          Similarity.normalised(
              groups.shuffled(views.get(1), step.index(), part -> key.project(part, step)));
      monitor(q);
      newKeys = Optional.of(BatchShare.current().gatherRows(k));
      NDArray negatives = queue.orElseThrow().similarities(q); // [N, K]
      NDArray logits = logits(q, k, negatives, settings.divisor());
      log("accuracy", Similarity.accuracy(logits));
      return Similarity.infoNce(logits);
    }

    /**
     * Similarities of queries with their keys and with the negatives, over T: [N, 1 + K].
     *
     * @param negatives [N, K]
     */
    static NDArray logits(NDArray q, NDArray k, NDArray negatives, double temperature) {
      NDArray positive = q.mul(k).sum(new int[] {1}, true); // [N, 1]
      return Scalars.over(positive.concat(negatives, 1), temperature);
    }

    /** Version 3, algorithm 1: each view is query and key. */
    private NDArray againstBatch(NDList views, Step step) {
      MlpHead prediction = predictor.orElseThrow();
      NDArray z1 = query.project(step.store(), views.get(0)); // [N, d]
      NDArray z2 = query.project(step.store(), views.get(1));
      monitor(z1);
      NDArray q1 = prediction.apply(step.store(), z1);
      NDArray q2 = prediction.apply(step.store(), z2);
      NDArray k1 = key.project(views.get(0), step); // no gradient
      NDArray k2 = key.project(views.get(1), step);
      NDArray logits = batchLogits(q1, k2, settings.divisor());
      NDArray positives = Similarity.ownColumns(logits);
      log("accuracy", Similarity.accuracy(logits, positives));
      NDArray both =
          Similarity.infoNce(logits, positives).add(batchLoss(q2, k1, settings.divisor()));
      return Scalars.times(both, 2 * settings.divisor());
    }

    /** InfoNCE of queries among the keys of the whole batch, in which the positive is their own. */
    static NDArray batchLoss(NDArray q, NDArray k, double temperature) {
      NDArray logits = batchLogits(q, k, temperature);
      return Similarity.infoNce(logits, Similarity.ownColumns(logits));
    }

    private static NDArray batchLogits(NDArray q, NDArray k, double temperature) {
      NDArray keys = BatchShare.current().gatherRows(Similarity.normalised(k));
      return Scalars.over(Similarity.normalised(q).matMul(keys.transpose()), temperature);
    }

    @Override
    public void afterUpdate(Step step) {
      key.update(step);
      queue.ifPresent(negatives -> negatives.enqueue(newKeys.orElseThrow()));
    }

    @Override
    public Encoder encoder() {
      return query.encoder();
    }

    @Override
    public List<Weight> weights() {
      List<Weight> weights = new ArrayList<>(query.weights(""));
      predictor.ifPresent(head -> weights.addAll(head.weights("predictor")));
      return weights;
    }

    @Override
    protected Map<String, NDArray> networkState() {
      Map<String, NDArray> state = key.state();
      predictor.ifPresent(head -> state.putAll(head.state("predictor")));
      queue.ifPresent(negatives -> state.putAll(negatives.state()));
      return state;
    }

    /** Version 3's projector ends in a batch norm. */
    @Override
    public Optional<ImageEmbedder> projections() {
      return settings.queued() ? Optional.empty() : Optional.of(query.embedder());
    }

    /**
     * A query with gradients, a key without, and the product with the queue, which has none; twice
     * that in version 3, where the other keys of the batch are the negatives.
     */
    @Override
    public long flops() {
      long projection = query.flops(settings.encoder().imageSize());
      long prediction = predictor.map(MlpHead::flops).orElse(0L);
      long negatives = settings.queued() ? settings.queueLength() : settings.training().batch();
      long products = 2 * 2 * negatives * settings.projectorOutputWidth(); // forward and backward
      long direction = LayerFlops.TRAINED * (projection + prediction) + projection + products;
      return settings.queued() ? direction : 2 * direction;
    }
  }
}
