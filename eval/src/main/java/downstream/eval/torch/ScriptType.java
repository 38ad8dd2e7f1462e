package downstream.eval.torch;

import ai.djl.ndarray.types.DataType;

/** Element types of arrays inside a {@link TorchScript}, by the numbers that its code uses. */
public enum ScriptType {
  INT64(4),
  FLOAT32(6),
  FLOAT64(7),
  BOOL(11),
  /** 16-bit type with the exponents of float32. Such arrays never leave a script. */
  BFLOAT16(15);

  private final int number;

  ScriptType(int number) {
    this.number = number;
  }

  /** The type of an array of DJL's. */
  public static ScriptType of(DataType type) {
    return switch (type) {
      case INT64 -> INT64;
      case FLOAT32 -> FLOAT32;
      case FLOAT64 -> FLOAT64;
      case BOOLEAN -> BOOL;
      default -> throw new IllegalArgumentException("an array of type " + type + " in a script");
    };
  }

  /** Name as the code writes it: {@code torch.to(x, 6)}. */
  public int number() {
    return number;
  }

  public boolean isFloating() {
    return this == FLOAT32 || this == FLOAT64 || this == BFLOAT16;
  }
}
