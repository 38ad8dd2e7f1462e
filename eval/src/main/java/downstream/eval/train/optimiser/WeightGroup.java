package downstream.eval.train.optimiser;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights that one call of an update moves: equal decay, equal rate. In a script, a group has lists
 * of its own: PyTorch leaves out a call that changes the arrays of a list made in the script.
 *
 * @param number 0 for the first group
 * @param weights its weights
 * @param indices their places among all weights
 */
record WeightGroup(int number, List<Weight> weights, List<Integer> indices) {
  /** Treatment that the weights of one group have in common. */
  private record Treatment(boolean decay, double rateScale, boolean scheduled) {}

  /** Groups weights, the groups in the order of their first ones. */
  static List<WeightGroup> of(List<Weight> weights) {
    Map<Treatment, WeightGroup> groups = new LinkedHashMap<>();
    for (int i = 0; i < weights.size(); i++) {
      Weight weight = weights.get(i);
      WeightGroup group =
          groups.computeIfAbsent(
              new Treatment(weight.decay(), weight.rateScale(), weight.scheduled()),
              none -> new WeightGroup(groups.size(), new ArrayList<>(), new ArrayList<>()));
      group.weights.add(weight);
      group.indices.add(i);
    }
    return List.copyOf(groups.values());
  }

  /** Tells whether its weights decay. */
  boolean decay() {
    return weights.get(0).decay();
  }

  /** Returns the learning rate of its weights. */
  double rate(double scheduledRate, double baseRate) {
    return weights.get(0).rate(scheduledRate, baseRate);
  }

  /** Returns the name of one of its lists in a script: {@code g2}. */
  String list(String name) {
    return name + number;
  }

  /** Returns the arrays of one of its lists, as a script names them: {@code g2[0]}. */
  List<String> arrays(String name) {
    List<String> arrays = new ArrayList<>();
    for (int place = 0; place < weights.size(); place++) {
      arrays.add(list(name) + "[" + place + "]");
    }
    return arrays;
  }

  /** Returns those of all arrays that are its weights'. */
  List<NDArray> select(List<NDArray> all) {
    return indices.stream().map(all::get).toList();
  }
}
