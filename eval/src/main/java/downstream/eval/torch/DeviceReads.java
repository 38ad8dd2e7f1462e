package downstream.eval.torch;

import ai.djl.ndarray.NDArray;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * Reads from the device in training. Each waits until the device has done all that it was given, so
 * a training step makes as few as it can; Java's flight recorder sees them.
 */
public final class DeviceReads {
  private DeviceReads() {}

  /** A read, for the flight recorder. */
  @Name("downstream.DeviceRead")
  @Label("Device read")
  @StackTrace(false)
  private static final class Read extends Event {}

  /** Returns the values of a float32 array. */
  public static float[] floats(NDArray array) {
    Read read = new Read();
    read.begin();
    float[] values = array.toFloatArray();
    read.commit();
    return values;
  }
}
