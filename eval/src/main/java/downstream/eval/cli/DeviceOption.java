package downstream.eval.cli;

import downstream.eval.Device;
import downstream.eval.encoder.runtime.Gpus;
import picocli.CommandLine.Option;

/** The option {@code --device}, for commands that run encoders. */
public final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description = {
        "Device for encoders: cpu, cuda, cuda:N, or auto, which takes a GPU if one is found",
        "(default: auto)."
      })
  private String device;

  /**
   * Returns the requested device.
   *
   * @throws downstream.eval.BadInput if it cannot be used
   */
  public Device choose() {
    return Device.choose(device, Gpus::obstacle);
  }
}
