package downstream.eval.finetune;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Behaviour of the encoder's batch norms in training. */
public enum BatchNormMode {
  /** Normalises by the statistics of the batch and updates the running ones. */
  @JsonProperty("batch")
  BATCH,
  /** Normalises by the running statistics of pretraining, which stay as they are. */
  @JsonProperty("frozen")
  FROZEN
}
