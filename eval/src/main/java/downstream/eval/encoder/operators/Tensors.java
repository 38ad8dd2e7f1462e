package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.OnnxJavaType;
import com.google.protobuf.ByteString;
import downstream.eval.torch.Precision;
import downstream.eval.torch.ScriptType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Reads the values of ONNX tensors, wherever in the message they are kept. */
public final class Tensors {
  private Tensors() {}

  /** An int64 tensor. */
  public static TensorProto of(String name, long[] values, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(DataType.INT64_VALUE);
    Arrays.stream(shape).forEach(tensor::addDims);
    return tensor.setRawData(ByteString.copyFrom(bytes.array())).build();
  }

  /** A float32 tensor. */
  public static TensorProto of(String name, float[] values, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(DataType.FLOAT_VALUE);
    Arrays.stream(shape).forEach(tensor::addDims);
    return tensor.setRawData(ByteString.copyFrom(bytes.array())).build();
  }

  /** A float64 tensor. */
  public static TensorProto of(String name, double[] values, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(DataType.DOUBLE_VALUE);
    Arrays.stream(shape).forEach(tensor::addDims);
    return tensor.setRawData(ByteString.copyFrom(bytes.array())).build();
  }

  /** ONNX's number for a type of ONNX Runtime's, which counts differently. */
  public static int type(OnnxJavaType type) {
    return switch (type) {
      case FLOAT -> DataType.FLOAT_VALUE;
      case DOUBLE -> DataType.DOUBLE_VALUE;
      case INT64 -> DataType.INT64_VALUE;
      case INT32 -> DataType.INT32_VALUE;
      case INT16 -> DataType.INT16_VALUE;
      case INT8 -> DataType.INT8_VALUE;
      case UINT8 -> DataType.UINT8_VALUE;
      case BOOL -> DataType.BOOL_VALUE;
      default -> throw new IllegalArgumentException("a tensor of type " + type);
    };
  }

  /**
   * A constant as an array in the engine's own memory: floats as {@code type}, integers as int64,
   * booleans as boolean.
   */
  public static NDArray array(
      TensorProto constant, NDManager manager, ai.djl.ndarray.types.DataType type) {
    Shape shape = new Shape(shape(constant));
    try (NDArray borrowed = borrowed(constant, shape, manager)) {
      boolean floats = borrowed.getDataType().isFloating();
      return floats && borrowed.getDataType() != type
          ? borrowed.toType(type, true)
          : borrowed.duplicate();
    }
  }

  /** Array over memory of the virtual machine. */
  private static NDArray borrowed(TensorProto constant, Shape shape, NDManager manager) {
    return switch (constant.getDataType()) {
      case DataType.FLOAT_VALUE -> manager.create(floats(constant), shape);
      case DataType.DOUBLE_VALUE -> manager.create(numbers(constant), shape);
      case DataType.BOOL_VALUE -> {
        long[] values = integers(constant);
        boolean[] flags = new boolean[values.length];
        for (int i = 0; i < flags.length; i++) {
          flags[i] = values[i] != 0;
        }
        yield manager.create(flags, shape);
      }
      default -> manager.create(integers(constant), shape);
    };
  }

  /** Number of elements; 1 for a scalar. */
  public static long size(TensorProto tensor) {
    return size(shape(tensor));
  }

  /** Number of elements of this shape; 1 for a scalar. */
  public static long size(long... shape) {
    return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }

  public static long[] shape(TensorProto tensor) {
    return tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
  }

  public static boolean isFloat(TensorProto tensor) {
    return tensor.getDataType() == DataType.FLOAT_VALUE;
  }

  /** The values of a float32 tensor. */
  public static float[] floats(TensorProto tensor) {
    float[] values = new float[Math.toIntExact(size(tensor))];
    if (tensor.hasRawData()) {
      raw(tensor).asFloatBuffer().get(values);
    } else {
      List<Float> data = tensor.getFloatDataList();
      for (int i = 0; i < values.length; i++) {
        values[i] = data.get(i);
      }
    }
    return values;
  }

  /** The values of a tensor of any integer type or of booleans (0 and 1). */
  public static long[] integers(TensorProto tensor) {
    return Arrays.stream(numbers(tensor)).mapToLong(value -> (long) value).toArray();
  }

  /** The values of a tensor of any type but text; an int64 beyond ±2^53 loses digits. */
  public static double[] numbers(TensorProto tensor) {
    IntToDoubleFunction elements = elements(tensor);
    return IntStream.range(0, Math.toIntExact(size(tensor))).mapToDouble(elements).toArray();
  }

  /** Values as {@link #numbers} gives them, one by one. */
  public static IntToDoubleFunction elements(TensorProto tensor) {
    ByteBuffer raw = raw(tensor);
    return tensor.hasRawData()
        ? index -> number(raw, tensor.getDataType(), index)
        : index -> number(tensor, index);
  }

  private static double number(ByteBuffer raw, int type, int index) {
    return switch (type) {
      case DataType.FLOAT_VALUE -> raw.getFloat(4 * index);
      case DataType.DOUBLE_VALUE -> raw.getDouble(8 * index);
      case DataType.INT64_VALUE -> raw.getLong(8 * index);
      case DataType.UINT64_VALUE -> raw.getLong(8 * index);
      case DataType.INT32_VALUE -> raw.getInt(4 * index);
      case DataType.UINT32_VALUE -> Integer.toUnsignedLong(raw.getInt(4 * index));
      case DataType.UINT16_VALUE -> raw.getChar(2 * index);
      case DataType.INT16_VALUE -> raw.getShort(2 * index);
      case DataType.INT8_VALUE -> raw.get(index);
      case DataType.UINT8_VALUE, DataType.BOOL_VALUE -> raw.get(index) & 0xff;
      default -> throw unreadable(type);
    };
  }

  private static double number(TensorProto tensor, int index) {
    return switch (tensor.getDataType()) {
      case DataType.FLOAT_VALUE -> tensor.getFloatData(index);
      case DataType.DOUBLE_VALUE -> tensor.getDoubleData(index);
      case DataType.INT64_VALUE -> tensor.getInt64Data(index);
      case DataType.UINT64_VALUE, DataType.UINT32_VALUE -> tensor.getUint64Data(index);
      case DataType.INT32_VALUE,
          DataType.INT16_VALUE,
          DataType.UINT16_VALUE,
          DataType.INT8_VALUE,
          DataType.UINT8_VALUE,
          DataType.BOOL_VALUE ->
          tensor.getInt32Data(index);
      default -> throw unreadable(tensor.getDataType());
    };
  }

  private static IllegalArgumentException unreadable(int type) {
    return new IllegalArgumentException("a tensor of type " + DataType.forNumber(type));
  }

  /** The type of {@link #array} of this constant inside a script. */
  public static ScriptType scriptType(TensorProto constant, Precision precision) {
    return switch (constant.getDataType()) {
      case DataType.FLOAT_VALUE, DataType.DOUBLE_VALUE -> ScriptType.of(precision.arrays());
      case DataType.BOOL_VALUE -> ScriptType.BOOL;
      default -> ScriptType.INT64;
    };
  }

  private static ByteBuffer raw(TensorProto tensor) {
    return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
