package downstream.pretrain.method.contrast;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.parallel.BatchShare;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.train.EngineSeed;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Scalars;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.model.Batches;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.HeadLayers;
import downstream.pretrain.model.HeadLayers.Start;
import downstream.pretrain.model.JointEmbeddingModel;
import downstream.pretrain.model.LayerFlops;
import downstream.pretrain.model.MlpHead;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.model.targets.Centre;
import downstream.pretrain.model.targets.Distillation;
import downstream.pretrain.model.targets.MovingAverage;
import downstream.pretrain.model.targets.MovingAverage.Momentum;
import downstream.pretrain.model.targets.ProjectedEncoder;
import downstream.pretrain.run.PretrainingMethod;
import downstream.pretrain.run.TrainingStage;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.SlotConView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * SlotCon (Wen et al., "Self-Supervised Visual Representation Learning with Semantic Grouping",
 * NeurIPS 2022, arXiv 2205.15288): cells are grouped by slots that the images share. Student and
 * teacher are to group the cells that both views show alike, and the slots that both views show
 * have to be told from all others of the batch. The views are {@link SlotConViews}.
 */
public final class SlotCon extends PretrainingMethod<SlotConSettings> {
  public SlotCon() {
    super(
        "slotcon",
        "Semantic grouping (SlotCon, Wen et al. 2022): groups cells by slots and contrasts them",
        SlotConSettings.class,
        SlotConSettings.PRESETS);
  }

  @Override
  public TrainingStage<List<float[]>, SlotConModel> stages(
      SlotConSettings settings, PretrainingRequest request) {
    return new TrainingStage<>(
        "slotcon",
        manager -> new SlotConModel(settings, request.seed(), manager),
        views(settings, new Photos(request.images())),
        settings.training(),
        settings.budget());
  }

  static SlotConViews views(SlotConSettings settings, Photos photos) {
    SlotConView view = new SlotConView(settings.encoder().imageSize(), settings.minCropArea());
    return new SlotConViews(photos, view, settings.encoder().grid());
  }

  /** Projector of cells and predictor of slots: two hidden layers with batch norm and GELU. */
  static MlpHead head(int in, SlotConSettings settings, NDManager manager) {
    return HeadLayers.from(in, Start.NORMAL_02)
        .linear(settings.hidden())
        .norm()
        .gelu()
        .linear(settings.hidden())
        .norm()
        .gelu()
        .linear(settings.projectorOutputWidth())
        .build(manager);
  }

  /**
   * Student or teacher.
   *
   * @param slots [S, d]
   */
  record Network(ProjectedEncoder projected, NDArray slots) {
    static Network of(SlotConSettings settings, EncoderFile start, NDManager manager) {
      return new Network(
          new ProjectedEncoder(
              new Encoder(settings.encoder(), start, manager),
              head(settings.encoder().embeddingWidth(), settings, manager)),
          manager.randomNormal(new Shape(settings.slots(), settings.projectorOutputWidth())));
    }

    List<Weight> weights(String prefix) {
      List<Weight> weights = new ArrayList<>(projected.weights(prefix));
      slots.setRequiresGradient(true);
      weights.add(new Weight(prefix + "slots", slots, true, 1, true));
      return weights;
    }

    /** Projected cells [N, L, d] of images. */
    NDArray cells(NDArray images, Step step) {
      NDArray cells = projected.encoder().cells(step.store(), images, true);
      return projected.projector().apply(step.store(), cells);
    }

    /** Groups projected cells by the slots, as arrays of the step. */
    Groups groups(NDArray cells, double temperature, Step step) {
      NDArray here = slots.reshape(slots.getShape());
      here.attach(step.manager());
      return Groups.of(cells, here, temperature);
    }

    /** Forward, of one view of so many cells. */
    long flops(int cells) {
      Encoder encoder = projected.encoder();
      return encoder.flops(encoder.settings().imageSize()) + cells * projected.projector().flops();
    }
  }

  /**
   * Cells grouped by slots (section 3.2).
   *
   * @param scores [N, L, S] cosines of cells and slots
   * @param values [N, S, d] means of cells, weighted by how much they belong to each slot
   */
  record Groups(NDArray scores, NDArray values) {
    private static final float LEAST_SHARE = 1e-6f;

    /**
     * Groups cells.
     *
     * @param cells [N, L, d]
     * @param slots [S, d]
     */
    static Groups of(NDArray cells, NDArray slots, double temperature) {
      NDArray scores =
          Similarity.normalised(cells).matMul(Similarity.normalised(slots).transpose());
      NDArray shares = Scalars.over(scores, temperature).softmax(2).add(LEAST_SHARE);
      NDArray means = shares.div(shares.sum(new int[] {1}, true)); // over the cells of an image
      return new Groups(scores, means.swapAxes(1, 2).matMul(cells));
    }

    /** Tells which slots are the best of at least one cell: [N, S] of 1 and 0. */
    NDArray present() {
      int slots = (int) scores.getShape().get(2);
      return scores.stopGradient().argMax(2).oneHot(slots, DataType.FLOAT32).max(new int[] {1});
    }
  }

  /** Student, teacher and predictor. N images of L cells, S slots, d the width of a slot. */
  static final class SlotConModel extends JointEmbeddingModel {
    private static final int VIEWS = 2;

    private final SlotConSettings settings;
    private final Network student;
    private final Network teacher;
    private final MlpHead predictor;
    private final MovingAverage average;
    private final Centre centre; // of the teacher's scores

    /**
     * @param manager owns the weights
     */
    SlotConModel(SlotConSettings settings, long seed, NDManager manager) {
      super("slotcon", List.of("view 1", "view 2"), settings.training().monitor(), manager);
      this.settings = settings;
      EncoderFile start = settings.encoder().start("slotcon", seed);
      Engine.getInstance().setRandomSeed(EngineSeed.of(seed));
      student = Network.of(settings, start, manager);
      teacher = Network.of(settings, start, manager);
      predictor = head(settings.projectorOutputWidth(), settings, manager);
      average =
          new MovingAverage(
              Momentum.risingBeforeStep(settings.targetMomentum()),
              student.weights(""),
              teacher.weights("target."));
      centre = new Centre("centre", settings.centreMomentum(), settings.slots(), manager);
    }

    /** Views are planes, what follows them are matrices [L, L]. */
    @Override
    protected NDArray array(int number, List<float[]> values, NDManager manager) {
      int cells = settings.cells();
      return number < VIEWS
          ? super.array(number, values, manager)
          : Batches.array(values, manager, cells, cells);
    }

    @Override
    public Losses losses(List<List<float[]>> batch, Step step) {
      NDList arrays = arrays(batch, step);
      List<Groups> own = new ArrayList<>();
      List<Groups> targets = new ArrayList<>();
      for (int view = 0; view < VIEWS; view++) {
        NDArray cells = student.cells(arrays.get(view), step); // [N, L, d]
        if (view == 0) {
          monitor(cells.mean(new int[] {1}));
        }
        own.add(student.groups(cells, settings.teacherTemperature(), step));
        NDArray target = teacher.cells(arrays.get(view), step).stopGradient();
        targets.add(teacher.groups(target, settings.teacherTemperature(), step));
      }
      centre.record(meanScores(targets));
      log("slots_per_image", slotsPerImage(targets.get(0)));
      NDArray grouping =
          grouping(own.get(0), targets.get(1), arrays.get(2), arrays.get(3))
              .add(grouping(own.get(1), targets.get(0), arrays.get(3), arrays.get(2)));
      NDArray slots =
          contrast(own.get(0), targets.get(1), step)
              .add(contrast(own.get(1), targets.get(0), step));
      NDArray total =
          Scalars.times(grouping, settings.groupingWeight())
              .add(Scalars.times(slots, 1 - settings.groupingWeight()));
      Map<String, NDArray> terms = new LinkedHashMap<>();
      terms.put("grouping", grouping);
      terms.put("slots", slots);
      return new Losses(total, terms);
    }

    /** The mean number of slots that the teacher sees in an image of the whole batch. */
    private static NDArray slotsPerImage(Groups target) {
      return BatchShare.current().gatherRows(target.present().sum(new int[] {1})).mean();
    }

    /** The mean of the teacher's scores over the cells of both views of each image: [N, S]. */
    private static NDArray meanScores(List<Groups> targets) {
      return targets.get(0).scores.add(targets.get(1).scores).mean(new int[] {1}).div(VIEWS);
    }

    /** Equation 3, one direction: cells that both views show are to belong to the same slots. */
    private NDArray grouping(Groups own, Groups target, NDArray align, NDArray alignTarget) {
      NDArray found =
          Distillation.logProbabilities(
              align.matMul(own.scores), settings.studentTemperature()); // [N, L, S]
      NDArray centred = centre.subtractedFrom(alignTarget.matMul(target.scores));
      NDArray wanted = Distillation.probabilities(centred, settings.teacherTemperature());
      return Distillation.crossEntropy(found, wanted).mean();
    }

    /**
     * Equation 5, one direction: a slot that both views show is told from all slots that the other
     * views of the batch show; 0 if there is nothing to compare.
     */
    private NDArray contrast(Groups own, Groups target, Step step) {
      NDArray present = target.present(); // [N, S]
      NDArray both = places(own.present().mul(present)); // [R] places of N · S
      int rows = (int) both.getShape().get(0);
      if (rows <= 1 && BatchShare.current().isWhole()) { // batch norm needs two
        return Scalars.times(own.values.sum(), 0);
      }
      int width = settings.projectorOutputWidth();
      NDArray allPresent = BatchShare.current().gatherRows(present).flatten(); // [M · S]
      NDArray allKeys =
          BatchShare.current().gatherRows(Similarity.normalised(target.values).reshape(-1, width));
      NDArray keys = rows(allKeys, places(allPresent)); // [C, d]
      NDArray queries =
          Similarity.normalised(
              predictor.apply(step.store(), rows(own.values.reshape(-1, width), both)));
      long first = (long) BatchShare.current().first() * settings.slots();
      NDArray logits =
          Scalars.over(queries.matMul(keys.transpose()), settings.slotTemperature()); // [R, C]
      NDArray columns = numbers(allPresent, both.add(first));
      log("accuracy", Similarity.accuracy(logits, columns));
      double share = rows / BatchShare.current().divisor(rows, 1);
      return Scalars.times(
          Similarity.infoNce(logits, columns), 2 * settings.slotTemperature() * share);
    }

    /**
     * The numbers that places have among those that are present: int64 [R, 1].
     *
     * @param present 1 or 0 for each place
     * @param places int64 [R], all of them present
     */
    static NDArray numbers(NDArray present, NDArray places) {
      return rows(present.cumSum(0), places).sub(1).toType(DataType.INT64, false).reshape(-1, 1);
    }

    /** Places of what is not 0: int64 [R]. */
    private static NDArray places(NDArray marks) {
      return marks.flatten().nonzero().flatten();
    }

    private static NDArray rows(NDArray array, NDArray places) {
      return array.get(new NDIndex("{}", places));
    }

    /** The teacher follows the student, and the centre the teacher's scores. */
    @Override
    public void afterUpdate(Step step) {
      average.update(step);
      centre.update();
    }

    @Override
    public Encoder encoder() {
      return student.projected.encoder();
    }

    @Override
    public List<Weight> weights() {
      List<Weight> weights = new ArrayList<>(student.weights(""));
      weights.addAll(predictor.weights("predictor"));
      return weights;
    }

    @Override
    protected Map<String, NDArray> networkState() {
      Map<String, NDArray> state = average.state();
      state.putAll(student.projected.state(""));
      state.putAll(teacher.projected.state("target."));
      state.putAll(predictor.state("predictor"));
      state.putAll(centre.state());
      return state;
    }

    /**
     * Both views through student and teacher, grouped and aligned; the predictor sees at most a
     * slot for each cell.
     */
    @Override
    public long flops() {
      long cells = settings.cells();
      long groups = 2 * 2 * cells * settings.slots() * settings.projectorOutputWidth();
      long aligned = 2 * cells * cells * settings.slots();
      long view = student.flops(settings.cells()) + groups + aligned;
      long predicted = Math.min(cells, settings.slots()) * predictor.flops();
      return VIEWS * (LayerFlops.TRAINED * (view + predicted) + view);
    }
  }
}
