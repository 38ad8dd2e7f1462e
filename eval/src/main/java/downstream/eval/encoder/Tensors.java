package downstream.eval.encoder;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Reads the values of ONNX tensors, wherever in the message they are kept. */
final class Tensors {
  private Tensors() {}

  /** Number of elements; 1 for a scalar. */
  static long size(TensorProto tensor) {
    long size = 1;
    for (long dimension : tensor.getDimsList()) {
      size *= dimension;
    }
    return size;
  }

  static long[] shape(TensorProto tensor) {
    return tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
  }

  /** The values of a float32 tensor. */
  static float[] floats(TensorProto tensor) {
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

  /** The values of an int64 tensor. */
  static long[] integers(TensorProto tensor) {
    long[] values = new long[Math.toIntExact(size(tensor))];
    if (tensor.hasRawData()) {
      raw(tensor).asLongBuffer().get(values);
    } else {
      List<Long> data = tensor.getInt64DataList();
      for (int i = 0; i < values.length; i++) {
        values[i] = data.get(i);
      }
    }
    return values;
  }

  private static ByteBuffer raw(TensorProto tensor) {
    return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
