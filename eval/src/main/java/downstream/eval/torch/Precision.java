package downstream.eval.torch;

import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Precision in which a network is computed. Weights, optimiser state, losses and statistics are
 * float32 in all of them but {@link #FLOAT64}.
 */
public enum Precision {
  /** Float64 throughout, for gradient checks. */
  FLOAT64(DataType.FLOAT64),
  /** Float32 throughout. */
  @JsonProperty("float32")
  FLOAT32(DataType.FLOAT32),
  /** Float32; on GPUs, products and convolutions round their operands to 10 bits of fraction. */
  @JsonProperty("tf32")
  TF32(DataType.FLOAT32),
  /** Products, convolutions and attention in bfloat16, all else in float32. */
  @JsonProperty("bfloat16")
  BFLOAT16(DataType.FLOAT32);

  private final DataType arrays;

  Precision(DataType arrays) {
    this.arrays = arrays;
  }

  /** The type of weights, inputs and results. */
  public DataType arrays() {
    return arrays;
  }
}
