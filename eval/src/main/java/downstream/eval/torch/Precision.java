package downstream.eval.torch;

import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Precision in which a network is computed. Weights, optimiser state, losses and statistics are
 * float32 in all of them but {@link #FLOAT64}.
 */
public enum Precision {
  /** Float64 throughout, for gradient checks. */
  FLOAT64(DataType.FLOAT64, ScriptType.FLOAT64),
  /** Float32 throughout. */
  @JsonProperty("float32")
  FLOAT32(DataType.FLOAT32, ScriptType.FLOAT32),
  /** Float32; on GPUs, products and convolutions round their operands to 10 bits of fraction. */
  @JsonProperty("tf32")
  TF32(DataType.FLOAT32, ScriptType.FLOAT32),
  /** Products, convolutions and attention in bfloat16, all else in float32. */
  @JsonProperty("bfloat16")
  BFLOAT16(DataType.FLOAT32, ScriptType.BFLOAT16);

  private final DataType arrays;
  private final ScriptType products;

  Precision(DataType arrays, ScriptType products) {
    this.arrays = arrays;
    this.products = products;
  }

  /** The same types of arrays, and products in them. */
  public Precision full() {
    return this == FLOAT64 ? FLOAT64 : FLOAT32;
  }

  /** The type of weights, inputs and results. */
  public DataType arrays() {
    return arrays;
  }

  /** The type in which products, convolutions and attention are computed. */
  public ScriptType products() {
    return products;
  }
}
