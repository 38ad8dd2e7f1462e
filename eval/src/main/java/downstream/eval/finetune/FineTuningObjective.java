package downstream.eval.finetune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.eval.train.Losses;
import downstream.eval.train.Objective;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import java.util.List;
import java.util.Map;

/** Objective for the training of an encoder with a head: the losses of its task. */
public record FineTuningObjective<H extends Head, E>(
    EncoderWithHead<H> model, FineTunedTask<H, E> task) implements Objective<E> {
  @Override
  public String name() {
    return task.name();
  }

  @Override
  public List<Weight> weights() {
    return model.weights();
  }

  @Override
  public Map<String, NDArray> state() {
    return model.state();
  }

  @Override
  public NDList arrays(List<E> batch, NDManager manager) {
    return task.arrays(model, batch, manager);
  }

  @Override
  public Losses losses(List<E> batch, Step step) {
    return task.losses(model, batch, step);
  }
}
