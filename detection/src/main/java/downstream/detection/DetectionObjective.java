package downstream.detection;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import downstream.detection.heads.DetectionHead;
import downstream.eval.encoder.Backbone;
import downstream.eval.train.Losses;
import downstream.eval.train.Objective;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a detector's training minimises: its head's losses on the encoder's maps.
 *
 * @param name of the head
 * @param encoderRateScale the encoder's rate in units of the head's
 */
record DetectionObjective(
    String name, Backbone backbone, DetectionHead head, double encoderRateScale)
    implements Objective<DetectionExample> {
  @Override
  public List<Weight> weights() {
    List<Weight> weights = new ArrayList<>(head.weights());
    weights.addAll(backbone.weights(encoderRateScale));
    return weights;
  }

  @Override
  public Map<String, NDArray> state() {
    Map<String, NDArray> state = new LinkedHashMap<>(head.state());
    state.putAll(backbone.state());
    return state;
  }

  @Override
  public Losses losses(List<DetectionExample> batch, Step step) {
    List<float[]> inputs = batch.stream().map(example -> example.input).toList();
    List<NDArray> maps = backbone.features(step.store(), step.manager(), inputs, true);
    return head.losses(step, new NDList(maps), batch.stream().map(e -> e.objects).toList());
  }
}
