package downstream.eval.finetune;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Update rules for fine-tuning. */
public enum OptimiserType {
  /** Adam with decoupled weight decay, moments 0.9 and 0.999. */
  @JsonProperty("adamw")
  ADAMW,
  /** Stochastic gradient descent with momentum. */
  @JsonProperty("sgd")
  SGD
}
