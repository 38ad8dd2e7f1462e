package downstream.detection.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.detection.boxes.Detections;
import downstream.detection.targets.Target;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import java.util.List;
import java.util.Map;

/** A detector on an encoder's maps: what it learns from objects, and what it finds. */
public interface DetectionHead {
  /** The encoder's levels that it reads, in the order of its maps. */
  List<FeatureLevel> reads();

  /** Whether it learns and finds masks. */
  boolean hasMasks();

  /** What is trained of it. */
  List<Weight> weights();

  /** What training changes without a gradient (statistics of norms), by name. */
  Map<String, NDArray> state();

  /**
   * What a training minimises, recorded by autograd.
   *
   * @param maps of the encoder, one a level, [N, C, S/stride, S/stride]
   * @param objects of each image
   */
  Losses losses(Step step, NDList maps, List<List<Target>> objects);

  /**
   * What is found in each image of a batch; called without gradients.
   *
   * @param scope owns what is made
   */
  List<Detections> detect(ParameterStore store, NDManager scope, NDList maps);
}
