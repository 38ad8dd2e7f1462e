package downstream.eval.torch;

import ai.djl.ndarray.types.DataType;

/**
 * Element types of arrays inside a {@link TorchScript}, from the narrowest to the widest, by the
 * numbers that its code uses.
 */
public enum ScriptType {
  BOOL(11),
  UINT8(0),
  INT8(1),
  INT32(3),
  INT64(4),
  /** Half as wide as float32, with its exponents. Such arrays never leave a script. */
  BFLOAT16(15),
  FLOAT32(6),
  FLOAT64(7);

  private final int number;

  ScriptType(int number) {
    this.number = number;
  }

  /** The type of an array of DJL's. */
  public static ScriptType of(DataType type) {
    return switch (type) {
      case UINT8 -> UINT8;
      case INT8 -> INT8;
      case INT32 -> INT32;
      case INT64 -> INT64;
      case FLOAT32 -> FLOAT32;
      case FLOAT64 -> FLOAT64;
      case BOOLEAN -> BOOL;
      default -> throw new IllegalArgumentException("an array of type " + type + " in a script");
    };
  }

  /** Returns the number by which scripts name it: {@code dtype=6}. */
  public int number() {
    return number;
  }

  /** Returns the expression of another one's values in this type: {@code torch.to(x, 6)}. */
  public String convert(String expression) {
    return "torch.to(" + expression + ", " + number + ")";
  }

  /** The type that holds the values of both. */
  public static ScriptType wider(ScriptType a, ScriptType b) {
    return a.compareTo(b) < 0 ? b : a;
  }

  public boolean isFloating() {
    return this == FLOAT32 || this == FLOAT64 || this == BFLOAT16;
  }
}
