package downstream.pretrain.method.contrast;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
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
import downstream.pretrain.model.targets.ProjectedEncoder;
import downstream.pretrain.monitor.ImageEmbedder;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.SimClrView;
import downstream.pretrain.views.TwoViews;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * SimCLR (Chen et al., "A Simple Framework for Contrastive Learning of Visual Representations",
 * ICML 2020, arXiv 2002.05709): each of the two views of an image has to be told from all other
 * views of the batch. Both views go through one network in one batch.
 */
public final class SimClr extends PretrainingMethod<SimClrSettings> {
  public SimClr() {
    super(
        "simclr",
        "Simple contrastive learning (SimCLR, Chen et al. 2020): finds an image's other view",
        SimClrSettings.class,
        SimClrSettings.PRESETS);
  }

  @Override
  public TrainingStage<List<float[]>, SimClrModel> stages(
      SimClrSettings settings, PretrainingRequest request) {
    return new TrainingStage<>(
        "simclr",
        manager -> new SimClrModel(settings, request.seed(), manager),
        views(settings, new Photos(request.images())),
        settings.training(),
        settings.budget());
  }

  static TwoViews views(SimClrSettings settings, Photos photos) {
    SimClrView view =
        new SimClrView(
            settings.encoder().imageSize(),
            settings.minCropArea(),
            settings.colourStrength(),
            settings.brightness() == SimClrSettings.Brightness.MULTIPLIES);
    return new TwoViews(photos, view, view);
  }

  /**
   * The projector ({@code model_util.py}): linear without bias, batch norm and ReLU, as often as
   * there are layers; the last has d values, its norm no shift, and no ReLU follows.
   */
  static MlpHead projector(SimClrSettings settings, NDManager manager) {
    int width = settings.encoder().embeddingWidth();
    HeadLayers layers = HeadLayers.from(width, Start.NORMAL_01);
    for (int layer = 1; layer < settings.projectorLayers(); layer++) {
      layers.linearWithoutBias(width).norm().relu();
    }
    return layers
        .linearWithoutBias(settings.projectorOutputWidth())
        .normWithoutShift()
        .build(manager);
  }

  /** Encoder and projector. N images, d the width of a projection. */
  static final class SimClrModel extends JointEmbeddingModel {
    /** Added to the similarity of a row with itself, so that it is no candidate. */
    private static final float MASKED = -1e9f;

    private final SimClrSettings settings;
    private final ProjectedEncoder network;

    /**
     * @param manager owns the weights
     */
    SimClrModel(SimClrSettings settings, long seed, NDManager manager) {
      super("simclr", List.of("view 1", "view 2"), settings.training().monitor(), manager);
      this.settings = settings;
      Encoder encoder = new Encoder(settings.encoder(), seed, manager);
      Engine.getInstance().setRandomSeed(EngineSeed.of(seed));
      network = new ProjectedEncoder(encoder, projector(settings, manager));
    }

    @Override
    public Losses losses(List<List<float[]>> batch, Step step) {
      NDArray views = NDArrays.concat(arrays(batch, step)); // [2N, 3, S, S]: batch norm sees both
      NDArray z = Similarity.normalised(network.project(step.store(), views)); // [2N, d]
      NDList halves = z.split(2); // [N, d] each
      monitor(halves.get(0));
      NDArray loss = ntXent(halves.get(0), halves.get(1), settings.temperature());
      return new Losses(loss, Map.of("loss", loss));
    }

    /**
     * The normalised temperature-scaled cross-entropy, the sum of both halves' means as the code
     * has it ({@code objective.py}): twice the mean over all 2N rows, which is equation 1.
     *
     * @param z1 [N, d] unit rows
     * @param z2 [N, d] unit rows, partner by partner
     */
    private NDArray ntXent(NDArray z1, NDArray z2, double temperature) {
      NDArray logits = logits(z1, z2, temperature);
      NDArray partners = Similarity.ownColumns(logits);
      log("accuracy", Similarity.accuracy(logits, partners));
      return Similarity.infoNce(logits, partners).add(half(z2, z1, temperature));
    }

    /** The mean over the rows of one view. */
    static NDArray half(NDArray own, NDArray other, double temperature) {
      NDArray logits = logits(own, other, temperature);
      return Similarity.infoNce(logits, Similarity.ownColumns(logits));
    }

    /**
     * Similarities over T of rows with all others of both views: [N, 2M], M rows in the batch. A
     * row's partner has the column of the row itself.
     */
    private static NDArray logits(NDArray own, NDArray other, double temperature) {
      NDArray allOwn = BatchShare.current().gatherRows(own); // [M, d]
      NDArray allOther = BatchShare.current().gatherRows(other);
      NDArray across = Scalars.over(own.matMul(allOther.transpose()), temperature); // [N, M]
      NDArray within = Scalars.over(own.matMul(allOwn.transpose()), temperature);
      return across.concat(within.add(itself(within)), 1);
    }

    /** -1e9 where a row meets itself, else 0: [N, M]. */
    private static NDArray itself(NDArray within) {
      NDArray columns = within.getManager().arange((int) within.getShape().get(1));
      return Similarity.ownColumns(within).eq(columns).toType(DataType.FLOAT32, false).mul(MASKED);
    }

    @Override
    public Encoder encoder() {
      return network.encoder();
    }

    @Override
    public List<Weight> weights() {
      return network.weights("");
    }

    @Override
    protected Map<String, NDArray> networkState() {
      return network.state("");
    }

    /** Both views with gradients, and their products with all others, which have gradients too. */
    @Override
    public long flops() {
      long projection = network.flops(settings.encoder().imageSize());
      long products = 2L * 2 * settings.training().batch() * settings.projectorOutputWidth();
      return 2 * LayerFlops.TRAINED * (projection + products);
    }

    @Override
    public Optional<ImageEmbedder> projections() {
      return Optional.of(network.embedder());
    }
  }
}
