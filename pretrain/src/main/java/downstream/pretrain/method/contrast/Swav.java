package downstream.pretrain.method.contrast;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
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
import downstream.pretrain.model.Prototypes;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.model.targets.Distillation;
import downstream.pretrain.model.targets.ProjectedEncoder;
import downstream.pretrain.model.targets.Queue;
import downstream.pretrain.monitor.LimitMonitor;
import downstream.pretrain.monitor.LimitMonitor.Limit;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.settings.CropSettings;
import downstream.pretrain.views.DistortedCrop;
import downstream.pretrain.views.MultiCrop;
import downstream.pretrain.views.Photos;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * SwAV (Caron et al., "Unsupervised Learning of Visual Features by Contrasting Cluster
 * Assignments", NeurIPS 2020, arXiv 2006.09882): the code of a large crop, its share in each of K
 * prototypes, is predicted from every other crop of the image. Codes share a batch out equally, so
 * that not all images get one.
 */
public final class Swav extends PretrainingMethod<SwavSettings> {
  public Swav() {
    super(
        "swav",
        "SwAV (Caron et al. 2020): crops predict each other's share in prototypes",
        SwavSettings.class,
        SwavSettings.PRESETS);
  }

  @Override
  public TrainingStage<List<float[]>, SwavModel> stages(
      SwavSettings settings, PretrainingRequest request) {
    Photos photos = new Photos(request.images());
    int held = settings.prototypesHeldEpochs() * settings.training().stepsPerEpoch(photos.size());
    return new TrainingStage<>(
        "swav",
        manager -> new SwavModel(settings, held, request.seed(), manager),
        views(settings, photos),
        settings.training(),
        settings.budget());
  }

  static MultiCrop views(SwavSettings settings, Photos photos) {
    CropSettings crops = settings.crops();
    DistortedCrop large =
        DistortedCrop.swav(settings.encoder().imageSize(), crops.minLargeArea(), 1);
    DistortedCrop small =
        DistortedCrop.swav(crops.smallSize(), crops.minSmallArea(), crops.maxSmallArea());
    return MultiCrop.of(photos, List.of(large, large), crops.small(), small);
  }

  /** Linear with bias, batch norm, ReLU, linear with bias ({@code resnet50.py}). */
  static MlpHead projector(SwavSettings settings, NDManager manager) {
    return HeadLayers.from(settings.encoder().embeddingWidth(), Start.PYTORCH)
        .linear(settings.hidden())
        .norm()
        .relu()
        .linear(settings.projectorOutputWidth())
        .build(manager);
  }

  /** Encoder, projector and prototypes. N images, V crops of each, d the width of a projection. */
  static final class SwavModel extends JointEmbeddingModel {
    private final SwavSettings settings;
    private final int heldSteps;
    private final ProjectedEncoder network;
    private final Prototypes prototypes;
    private final List<Queue> queues; // one for each large crop, or none
    private final LimitMonitor entropy;
    private List<NDArray> newRows = List.of();

    /**
     * @param heldSteps updates at the start in which prototypes are not trained
     * @param manager owns the weights
     */
    SwavModel(SwavSettings settings, int heldSteps, long seed, NDManager manager) {
      super("swav", captions(settings.crops()), settings.training().monitor(), manager);
      this.settings = settings;
      this.heldSteps = heldSteps;
      Encoder encoder =
          new Encoder(settings.encoder(), settings.encoder().start("swav", seed), manager);
      Engine.getInstance().setRandomSeed(EngineSeed.of(seed));
      network = new ProjectedEncoder(encoder, projector(settings, manager));
      entropy = new LimitMonitor("swav", limit(settings), settings.training().monitor(), manager);
      int width = settings.projectorOutputWidth();
      prototypes = new Prototypes(settings.prototypes(), width, manager);
      queues =
          settings.queueLength() == 0
              ? List.of()
              : IntStream.range(0, CropSettings.LARGE)
                  .mapToObj(
                      crop -> new Queue("queue" + crop, settings.queueLength(), width, manager))
                  .toList();
    }

    private static Limit limit(SwavSettings settings) {
      return new Limit(
          "code_entropy",
          settings.stopBelowEntropy(),
          "all images go to one prototype",
          "Set sinkhornIterations to 3 or the learning rate lower; stopBelowEntropy=0 lets it go"
              + " on");
    }

    private static List<String> captions(CropSettings crops) {
      return IntStream.range(0, crops.count())
          .mapToObj(crop -> crop < CropSettings.LARGE ? "large" : "small")
          .toList();
    }

    @Override
    protected int viewSize(int view) {
      return view < CropSettings.LARGE
          ? settings.encoder().imageSize()
          : settings.crops().smallSize();
    }

    @Override
    public Losses losses(List<List<float[]>> batch, Step step) {
      prototypes.normalise(step.manager());
      int count = settings.crops().count();
      NDArray z = projections(arrays(batch, step), step); // [V·N, d]
      NDList scores = prototypes.scores(z, step.index() < heldSteps).split(count); // [N, K] each
      NDList rows = z.split(count); // [N, d] each
      monitor(rows.get(0));
      BatchShare share = BatchShare.current();
      newRows =
          IntStream.range(0, queues.size())
              .mapToObj(crop -> share.gatherRows(rows.get(crop).stopGradient()))
              .toList();
      List<NDArray> terms = new ArrayList<>();
      for (int large = 0; large < CropSettings.LARGE; large++) {
        NDArray codes = codes(scores.get(large).stopGradient(), large, step); // [N, K]
        for (int crop = 0; crop < count; crop++) {
          if (crop != large) {
            terms.add(crossEntropy(codes, scores.get(crop), settings.temperature()));
          }
        }
      }
      NDArray loss = Scalars.over(terms.stream().reduce(NDArray::add).orElseThrow(), terms.size());
      return new Losses(loss, Map.of("loss", loss));
    }

    /** One pass of the encoder for each size, one of the projector for all: batch norm sees all. */
    private NDArray projections(NDList crops, Step step) {
      int large = CropSettings.LARGE;
      NDArray embeddings = embeddings(crops.subList(0, large), step); // [2N, D]
      if (crops.size() > large) {
        NDArray small = embeddings(crops.subList(large, crops.size()), step);
        embeddings = embeddings.concat(small, 0);
      }
      return Similarity.normalised(network.projector().apply(step.store(), embeddings));
    }

    private NDArray embeddings(List<NDArray> crops, Step step) {
      NDArray images = NDArrays.concat(new NDList(crops)); // [n·N, 3, S, S]
      return network.encoder().embedding(step.store(), images, true);
    }

    /**
     * The codes of a large crop among the whole batch, and once it is used the queue.
     *
     * @param scores [N, K]
     */
    private NDArray codes(NDArray scores, int large, Step step) {
      BatchShare share = BatchShare.current();
      NDArray all = share.gatherRows(scores); // [M, K]
      long batch = all.getShape().get(0);
      if (isQueueUsed(step, batch)) {
        NDArray directions = prototypes.constants(scores.getManager());
        NDArray past = queues.get(large).similarities(directions).transpose(); // [queue, K]
        all = past.concat(all, 0);
      }
      NDArray codes = Sinkhorn.codes(all, settings.epsilon(), settings.sinkhornIterations());
      long first = all.getShape().get(0) - batch + share.first();
      NDArray own = codes.get(first + ":" + (first + scores.getShape().get(0)));
      if (large == 0) {
        entropy.record(entropy(codes.mean(new int[] {0})));
      }
      return own;
    }

    private boolean isQueueUsed(Step step, long batch) {
      long full = (long) (settings.queueStart() * step.steps()) + settings.queueLength() / batch;
      return !queues.isEmpty() && step.index() >= full;
    }

    /** The entropy of a distribution as a fraction of the largest: 0 for one prototype, to 1. */
    static NDArray entropy(NDArray probabilities) {
      NDArray bounded = probabilities.maximum(1e-12f);
      NDArray nats = bounded.mul(bounded.log()).sum().neg();
      return Scalars.over(nats, Math.log(Math.max(2, probabilities.size())));
    }

    /** -Σ code · log softmax(scores / T), the mean over rows. */
    static NDArray crossEntropy(NDArray codes, NDArray scores, double temperature) {
      return Distillation.crossEntropy(Distillation.logProbabilities(scores, temperature), codes)
          .mean();
    }

    @Override
    public Map<String, NDArray> measure(Step step) {
      Map<String, NDArray> measured = super.measure(step);
      measured.putAll(entropy.measure());
      return measured;
    }

    @Override
    public void check(int step, int steps, Map<String, Double> measured) {
      super.check(step, steps, measured);
      entropy.check(step, steps, measured);
    }

    @Override
    public void afterUpdate(Step step) {
      for (int crop = 0; crop < queues.size(); crop++) {
        queues.get(crop).enqueue(newRows.get(crop));
      }
    }

    @Override
    public Encoder encoder() {
      return network.encoder();
    }

    @Override
    public List<Weight> weights() {
      List<Weight> weights = new ArrayList<>(network.weights(""));
      weights.add(prototypes.weight());
      return weights;
    }

    @Override
    protected Map<String, NDArray> networkState() {
      Map<String, NDArray> state = network.state("");
      queues.forEach(queue -> state.putAll(queue.state()));
      state.putAll(entropy.state());
      return state;
    }

    @Override
    public long flops() {
      CropSettings crops = settings.crops();
      long large = network.flops(settings.encoder().imageSize()) + prototypes.flops();
      long small = network.flops(crops.smallSize()) + prototypes.flops();
      long past = prototypes.flops() * queues.size() * settings.queueLength(); // of a batch
      return LayerFlops.TRAINED * (CropSettings.LARGE * large + crops.small() * small)
          + past / settings.training().batch();
    }
  }
}
