package downstream.eval.cli;

import downstream.eval.BadInput;
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
        "(default: auto). Trainings also take cuda:all, all GPUs, which share each batch;",
        "cpu:N does the same with N replicas on the CPU."
      })
  private String device;

  /**
   * Returns the requested device, for a command that does not train.
   *
   * @throws BadInput if it cannot be used, or means several
   */
  public Device chooseOne() {
    Device chosen = choose();
    if (chosen.replicas() > 1) {
      throw new BadInput(
          "--device",
          "'" + device + "' means several devices, and this command runs on one",
          "Use cpu, cuda or cuda:N; pretrain, eval, suite, demo and reproduce train on several");
    }
    return chosen;
  }

  /**
   * Returns the requested device.
   *
   * @throws BadInput if it cannot be used
   */
  public Device choose() {
    return Device.choose(device, Gpus::obstacle);
  }
}
