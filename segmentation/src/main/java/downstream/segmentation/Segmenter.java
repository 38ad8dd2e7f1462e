package downstream.segmentation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import downstream.eval.encoder.Backbone;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.ImageInputs;
import downstream.eval.encoder.rewrite.EncoderRewrites;
import downstream.eval.task.FitRequest;
import downstream.eval.train.optimiser.Weight;
import downstream.segmentation.heads.HeadSettings;
import downstream.segmentation.heads.SegmentationHeads;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** An encoder with a head on its maps; owns the native memory of both. */
final class Segmenter implements AutoCloseable {
  private final SegmentationProtocol protocol;
  private final NDManager manager;
  private final Backbone backbone;
  private final Block head;

  private Segmenter(
      SegmentationProtocol protocol, NDManager manager, Backbone backbone, Block head) {
    this.protocol = protocol;
    this.manager = manager;
    this.backbone = backbone;
    this.head = head;
  }

  /** The encoder as it comes, the head with weights drawn from the fit's seed. */
  static Segmenter open(FitRequest fit, SegmentationProtocol protocol, int classes) {
    EncoderFile encoder = EncoderRewrites.atSize(fit.encoder(), protocol.imageSize());
    NDManager manager = fit.device().newManager();
    try {
      HeadSettings settings = protocol.headSettings();
      List<FeatureLevel> levels = SegmentationHeads.reads(settings, encoder);
      Backbone backbone =
          Backbone.open(
              encoder,
              levels,
              protocol.mode(),
              protocol.tuning(),
              manager,
              fit.features(),
              fit.threads());
      Block head =
          SegmentationHeads.create(
              settings, levels, protocol.imageSize(), classes, fit.seed(), manager);
      return new Segmenter(protocol, manager, backbone, head);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  EncoderSpec spec() {
    return backbone.spec();
  }

  /** What the backbone reads of a set's pictures, or of their mirror images. */
  IntFunction<float[]> inputs(ImageInputs views) {
    return backbone.inputs(views);
  }

  SegmentationProtocol protocol() {
    return protocol;
  }

  /** The encoder's at its scaled rate (none when frozen), then the head's. */
  List<Weight> weights() {
    List<Weight> weights = new ArrayList<>(backbone.weights(protocol.encoderRateScale()));
    weights.addAll(Weight.of("head", head));
    return weights;
  }

  /** Batch-norm statistics. */
  Map<String, NDArray> state() {
    Map<String, NDArray> state = new LinkedHashMap<>(backbone.state());
    state.putAll(Weight.stateOf("head", head));
    return state;
  }

  /**
   * @param inputs what the backbone reads of each picture
   * @return class logits as the head gives them, float32 [N, C, h, w]; in training those of the
   *     auxiliary head behind them
   */
  NDList logits(ParameterStore store, NDManager scope, List<float[]> inputs, boolean training) {
    List<NDArray> maps = backbone.features(store, scope, inputs, training);
    return head.forward(store, new NDList(maps), training);
  }

  NDManager newScope() {
    return manager.newSubManager();
  }

  @Override
  public void close() {
    backbone.close();
    manager.close();
  }
}
