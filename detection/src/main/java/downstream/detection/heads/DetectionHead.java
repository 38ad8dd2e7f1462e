package downstream.detection.heads;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.detection.boxes.Detections;
import downstream.detection.targets.Target;
import downstream.eval.finetune.Head;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import java.util.List;

/** A detector on an encoder's feature maps. */
public interface DetectionHead extends Head {
  /** Tells whether the head learns and predicts masks. */
  boolean hasMasks();

  /**
   * Computes the training losses, recorded by autograd.
   *
   * @param maps of the encoder, one a level, [N, C, S/stride, S/stride]
   * @param objects of each image
   */
  Losses losses(Step step, NDList maps, List<List<Target>> objects);

  /**
   * The detections of each image of a batch; called without gradients.
   *
   * @param scope owns what is made
   */
  List<Detections> predict(ParameterStore store, NDManager scope, NDList maps);
}
