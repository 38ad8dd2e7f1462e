package downstream.eval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.eval.train.optimiser.Weight;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** An encoder under a head: either trained with it, or frozen. */
public interface Backbone extends AutoCloseable {
  /** The encoder's spec, at the size it was opened with. */
  EncoderSpec spec();

  /**
   * Returns the weights of the encoder that are trained; nothing when frozen.
   *
   * @param rateScale the encoder's learning rate in units of the head's
   */
  List<Weight> weights(double rateScale);

  /** Returns the state that training changes without a gradient (statistics of norms), by name. */
  Map<String, NDArray> state();

  /**
   * Host data of views, by their number, as {@link #features} takes them: pixels for an encoder
   * that is trained; for a frozen one its features, all of them computed and on disk when this
   * returns. Thread-safe.
   *
   * @throws downstream.eval.BadInput before anything is computed if the disk has no room for them
   */
  IntFunction<float[]> inputs(ImageInputs views);

  /**
   * Returns the arrays that {@link #features} takes. Thread-safe.
   *
   * @param manager owns them
   * @param inputs host data of each image: what {@link #inputs} gives, or, for an encoder that is
   *     trained, any 3·S·S values normalised as the spec says
   */
  NDList arrays(NDManager manager, List<float[]> inputs);

  /**
   * Returns the encoder's maps of a batch.
   *
   * @param arrays of {@link #arrays}
   * @return one map per level, float32 [N, C, S/stride, S/stride]
   */
  List<NDArray> features(ParameterStore store, NDList arrays, boolean training);

  @Override
  void close();
}
