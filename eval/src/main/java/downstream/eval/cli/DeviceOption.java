package downstream.eval.cli;

import downstream.eval.Device;
import downstream.eval.encoder.runtime.Gpus;
import picocli.CommandLine.Option;

/** The option {@code --device}, for verbs that run encoders. */
public final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description = {
        "Where encoders run: cpu, cuda, cuda:N, or auto, which takes a GPU if there is one",
        "(default: ${DEFAULT-VALUE})."
      })
  private String device;

  /**
   * The device that was asked for.
   *
   * @throws downstream.eval.BadInput if it cannot be used
   */
  public Device choose() {
    return Device.choose(device, Gpus::obstacle);
  }
}
