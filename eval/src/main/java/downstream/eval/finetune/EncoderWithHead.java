package downstream.eval.finetune;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.eval.Closeables;
import downstream.eval.Device;
import downstream.eval.encoder.Backbone;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.ImageInputs;
import downstream.eval.encoder.rewrite.EncoderRewrites;
import downstream.eval.task.FitRequest;
import downstream.eval.torch.Autocast;
import downstream.eval.train.EngineSeed;
import downstream.eval.train.Objective;
import downstream.eval.train.Step;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.optimiser.Weight;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * An encoder with a head. Owns the native memory of both, an ONNX Runtime session and mapped
 * feature caches included: what {@link #open} or {@link #train} throws leaves nothing open, and
 * {@link #close} frees everything.
 *
 * @param <H> the head
 */
public final class EncoderWithHead<H extends Head> implements AutoCloseable {
  private final NDManager manager;
  private final Backbone backbone;
  private final H head;
  private final TrainingProtocol protocol;
  private final List<String> notes;
  private String digest = "";

  private EncoderWithHead(
      NDManager manager, Backbone backbone, H head, TrainingProtocol protocol, List<String> notes) {
    this.manager = manager;
    this.backbone = backbone;
    this.head = head;
    this.protocol = protocol;
    this.notes = List.copyOf(notes);
  }

  /**
   * Opens an encoder with a new head, whose weights are drawn from the fit's seed.
   *
   * @throws downstream.eval.BadInput if encoder, head and protocol do not go together
   */
  public static <H extends Head> EncoderWithHead<H> open(
      FitRequest fit, TrainingProtocol protocol, FineTunedTask<H, ?> task) {
    EncoderFile sized = EncoderRewrites.atSize(fit.encoder(), protocol.data().imageSize());
    int window = protocol.encoder().attentionWindow();
    Optional<EncoderFile> windowed =
        window == 0 ? Optional.empty() : EncoderRewrites.windowed(sized, window);
    EncoderFile encoder = windowed.orElse(sized);
    List<String> notes = notes(fit, protocol, encoder, windowed.isPresent());
    NDManager manager = fit.device().newManager();
    try {
      Engine.getInstance().setRandomSeed(EngineSeed.of(fit.seed()));
      H head = task.createHead(encoder, manager);
      Backbone backbone =
          Backbones.open(
              encoder,
              head.levels(),
              protocol.encoder().mode(),
              protocol.encoder().fineTuning(),
              manager,
              fit.features(),
              fit.threads());
      return new EncoderWithHead<>(manager, backbone, head, protocol, notes);
    } catch (RuntimeException | Error e) {
      Closeables.closeAfter(e, manager);
      throw e;
    }
  }

  /**
   * Opens an encoder with a head and trains them, or continues from the checkpoint in the fit's
   * folder.
   *
   * @throws downstream.eval.BadInput before training, if encoder, head, data and protocol do not go
   *     together
   */
  public static <H extends Head, E> EncoderWithHead<H> train(
      FitRequest fit, TrainingProtocol protocol, FineTunedTask<H, E> task) throws IOException {
    EncoderWithHead<H> model = open(fit, protocol, task);
    List<EncoderWithHead<H>> others = new ArrayList<>();
    try {
      List<Objective<E>> replicas = new ArrayList<>();
      replicas.add(new FineTuningObjective<>(model, task));
      List<Device> devices = fit.device().each();
      for (Device device : devices.subList(1, devices.size())) {
        others.add(open(fit.on(device), protocol, task));
        replicas.add(new FineTuningObjective<>(others.get(others.size() - 1), task));
      }
      model.digest =
          TrainingLoop.train(
                  protocol.plan(fit),
                  task.examples(model),
                  replicas,
                  fit.folder(),
                  fit.trainingOptions())
              .digest();
      others.forEach(EncoderWithHead::close);
      return model;
    } catch (IOException | RuntimeException | Error e) {
      others.forEach(other -> Closeables.closeAfter(e, other));
      Closeables.closeAfter(e, model);
      throw e;
    }
  }

  private static List<String> notes(
      FitRequest fit, TrainingProtocol protocol, EncoderFile encoder, boolean windowed) {
    List<String> notes = new ArrayList<>();
    if (fit.device().replicas() > 1) {
      notes.add(
          "trained by "
              + fit.device().replicas()
              + " replicas that share each batch; losses and batch statistics are of the whole"
              + " batch");
    }
    notes.add("batch norm of the encoder: " + encoder.batchNorm(protocol.encoder().fineTuning()));
    if (protocol.encoder().attentionWindow() > 0 && !windowed) {
      notes.add(
          "attention is not within windows of "
              + protocol.encoder().attentionWindow()
              + " patches: only a transformer of this project without a class token can be"
              + " rewritten");
    }
    protocol.deviations().forEach(deviation -> notes.add("deviation: " + deviation));
    return notes;
  }

  /** The head. */
  public H head() {
    return head;
  }

  /** The encoder's spec, at the protocol's image size. */
  public EncoderSpec spec() {
    return backbone.spec();
  }

  /**
   * Host data of images by number, as {@link #features} takes them: pixels for an encoder that is
   * trained; for a frozen one its features, all computed and on disk when this returns.
   * Thread-safe.
   *
   * @throws downstream.eval.BadInput before anything is computed if the disk has no room for them
   */
  public IntFunction<float[]> inputs(ImageInputs images) {
    return backbone.inputs(images);
  }

  /**
   * The encoder's feature maps of a batch.
   *
   * @param scope owns the maps
   * @param inputs of each image, as {@link #inputs} gives it, or, for an encoder that is trained,
   *     any 3·S·S values normalised as the spec says
   * @return one map for each of the head's levels, float32 [N, C, S/stride, S/stride]
   */
  public NDList features(
      ParameterStore store, NDManager scope, List<float[]> inputs, boolean training) {
    return new NDList(backbone.features(store, backbone.arrays(scope, inputs), training));
  }

  /** Returns the arrays of a batch that {@link #features(Step, List)} takes; thread-safe. */
  public NDList arrays(NDManager scope, List<float[]> inputs) {
    return backbone.arrays(scope, inputs);
  }

  /**
   * The encoder's feature maps of a training batch, as {@link #features(ParameterStore, NDManager,
   * List, boolean)} gives them; from the step's arrays if they were made ahead.
   */
  public NDList features(Step step, List<float[]> inputs) {
    NDList arrays = step.arraysOrElse(() -> arrays(step.manager(), inputs));
    return new NDList(backbone.features(step.store(), arrays, true));
  }

  /** Switches the current thread to the precision of this model until the result is closed. */
  public Autocast autocast() {
    return Autocast.to(protocol.optimiser().precision());
  }

  /** A manager for the arrays of one prediction; the caller closes it. */
  public NDManager newScope() {
    return manager.newSubManager();
  }

  /** Returns the trained weights: the encoder's weights (none of a frozen one), then the head's. */
  public List<Weight> weights() {
    List<Weight> weights =
        new ArrayList<>(backbone.weights(protocol.encoder().learningRateScale()));
    head.blocks().forEach((name, block) -> weights.addAll(Weight.of(name, block)));
    return protocol.optimiser().decayNormsAndBiases()
        ? weights.stream().map(Weight::decayed).toList()
        : weights;
  }

  /** Returns the state that training changes without a gradient (statistics of norms), by name. */
  public Map<String, NDArray> state() {
    Map<String, NDArray> state = new LinkedHashMap<>(backbone.state());
    head.blocks().forEach((name, block) -> state.putAll(Weight.stateOf(name, block)));
    return state;
  }

  /**
   * Returns remarks that matter for the metrics: how the encoder's batch norms behaved, and every
   * deviation from the protocol's published namesake.
   */
  public List<String> notes() {
    return notes;
  }

  /** Digest of the first batches and the last weights; empty before training. */
  public String digest() {
    return digest;
  }

  @Override
  public void close() {
    try {
      backbone.close();
    } finally {
      manager.close();
    }
  }
}
