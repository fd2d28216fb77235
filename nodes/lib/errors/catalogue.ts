/**
 * Every coded error of the package: what happened, and what to do about it.
 * `{…}` is filled from the error's details. docs/reference/errors.md is checked against this table by a test.
 */
export const catalogue = {
  // Settings and messages
  EDGE_ML_SETTING: {
    text: 'The setting "{field}" is {got}, but it must be {expected}.',
    todo: "Open the node and correct it.",
  },
  EDGE_ML_PAYLOAD: {
    text: "{field} is {got}, but it must be {expected}.",
    todo: "Check the node that sends this message.",
  },
  EDGE_ML_FRAME: {
    text: "This is not a frame: {field} is {got}, but it must be {expected}.",
    todo: "Wire an edge-window or edge-features node in front of this one.",
  },
  EDGE_ML_WINDOW: {
    text: 'The block "{block}" needs {expected}, but the window has {got}.',
    todo: "Change the window in edge-window (its length, or the rate to resample to), or the block's options.",
  },
  EDGE_ML_TOO_LARGE: {
    text: "{field} is {got}, more than the limit of {expected}.",
    todo: "Send smaller messages (edge-replay plays a file in pieces), or make the window smaller.",
  },
  EDGE_ML_COMMAND: {
    text: "{field} is {got}, but it must be {expected}.",
    todo: "See the node's help for the commands it takes.",
  },
  EDGE_ML_RECIPE_MISMATCH: {
    text: 'The model "{name}" was made from other frames: {field} is {got}, but the model needs {expected}; see {place}.',
    todo: "Set the window and feature nodes as they were when the model learned, or learn again.",
  },

  // Sound
  EDGE_ML_SOUND: {
    text: "{field} is {got}, but it must be {expected}.",
    todo: "Convert it to a WAV file of 16-bit PCM, for example with ffmpeg or sox.",
  },

  // Models
  EDGE_ML_MODEL_NAME: {
    text: "The model name is {got}, but it must be {expected}.",
    todo: "Use letters, digits, dot, dash and underscore, for example ahu-1.",
  },
  EDGE_ML_MODEL_NOT_FOUND: {
    text: 'There is no model "{name}".',
    todo: "Let an edge-learn node make it, or choose another model.",
  },
  EDGE_ML_MODEL_INVALID: {
    text: 'The model "{name}" cannot be used: {reason}.',
    todo: "Learn or export it again; the version before it stays in use.",
  },
  EDGE_ML_MODEL_OPERATORS: {
    text: 'The model "{name}" cannot be converted: {reason}.',
    todo: "Build it from layers with other operators (docs/reference/model-bundle.md lists them), or export it as ONNX.",
  },
  EDGE_ML_MODEL_TOO_LARGE: {
    text: 'The model "{name}" is too large for this machine: {reason}.',
    todo: "Use a smaller model, or a quantised one, or give Node-RED more memory.",
  },
  EDGE_ML_MODEL_IN_USE: {
    text: 'Version {version} of the model "{name}" is in use.',
    todo: "Use another version first; then this one can be deleted.",
  },
  EDGE_ML_MODEL_RUN: {
    text: 'The model "{name}" failed on this frame: {reason}.',
    todo: "Check that the frame is what the model was made for.",
  },
  EDGE_ML_QUEUE_FULL: {
    text: "{got} frames wait for the model already, and the limit is {expected}.",
    todo: "Send fewer frames (a longer hop), or use a smaller model.",
  },
  EDGE_ML_ONNXRUNTIME: {
    text: "ONNX Runtime cannot be loaded on this machine ({machine}): {reason}.",
    todo: "It needs 64-bit Linux with glibc, 64-bit Windows or a Mac with Apple silicon; elsewhere (Alpine) do this in Node-RED's user directory: npm install onnxruntime-web@1.30.",
  },
  EDGE_ML_MODEL_BACKGROUND: {
    text: 'The model "{name}" has no background examples that could be used: {reason}.',
    todo: "Use a model that brings some (voice-keywords, which comes with the package), or record examples with the label none.",
  },
  EDGE_ML_MODEL_FALLBACK: {
    text: 'The version of the model "{name}" that should be in use cannot be ({reason}); version {version} is used instead.',
    todo: "Choose a version in the edge-model's dialog, or learn again.",
  },
  EDGE_ML_MODEL_NO_SAY: {
    text: 'Version {version} of the model "{name}" has no say any more: {reason}.',
    todo: "The other versions go on. Delete it in the edge-model's dialog, or let fewer versions agree in edge-infer.",
  },
  EDGE_ML_STORE: {
    text: "The model store could not {action} {path}: {reason}.",
    todo: "Check free disk space and the permissions of the folder.",
  },

  // Model servers
  EDGE_ML_SERVER_DOWN: {
    text: "The model server {server} cannot be used: {reason}.",
    todo: "Check that it runs and that its address is right; the node asks it again by itself.",
  },
  EDGE_ML_SERVER_TIMEOUT: {
    text: "The model server {server} did not answer within {expected} ms.",
    todo: "Raise the time-out in edge-infer, or give the server less to do.",
  },
  EDGE_ML_SERVER_REFUSED: {
    text: "The model server {server} refused the request ({status}): {reason}.",
    todo: "Check the model's name and version, the token, and that this model takes such frames.",
  },
  EDGE_ML_SERVER_ANSWER: {
    text: "The answer of the model server {server} cannot be used: {field} is {got}, but it must be {expected}.",
    todo: "Check that it speaks the Open Inference Protocol v2 and has the right model.",
  },

  // Recording examples
  EDGE_ML_EXAMPLE: {
    text: 'The example "{name}" was not kept: {reason}.',
    todo: "Say the word once when the dialog says so, near the microphone, and be quiet until it has ended.",
  },

  // Learning
  EDGE_ML_LEARN_TOO_FEW: {
    text: "There are {got} good frames to learn from, but at least {expected} are needed.",
    todo: "Let it watch for longer, or make the window's hop shorter.",
  },
  EDGE_ML_LEARN_LABELS: {
    text: "There is nothing to learn from these labels: {reason}.",
    todo: "Send frames with msg.label: of each class some dozens, or a number where a value is learned.",
  },
  EDGE_ML_LEARN_FAILED: {
    text: "Learning failed: {reason}.",
    todo: "Check the data that comes in; what was collected is kept.",
  },
  EDGE_ML_LEARN_TIME: {
    text: "Learning was not finished after {expected} s: {got} % was done.",
    todo: "Raise the time limit, learn from fewer frames or features, or choose a quicker method; what was collected is kept.",
  },
  EDGE_ML_LEARN_MEMORY: {
    text: "Learning takes more memory than it may: {reason}.",
    todo: "Raise the memory limit, or learn from fewer frames or features; what was collected is kept.",
  },
  EDGE_ML_LEARN_DISK: {
    text: "The disk could not {action} what was collected for learning, {path}: {reason}.",
    todo: "Check free disk space and permissions. Learning goes on, but a restart would begin anew.",
  },

  // Files
  EDGE_ML_FILE_OUTSIDE: {
    text: "The file {path} is outside the folder {folder}.",
    todo: "Put it into that folder, or set edgeReplayFolder in Node-RED's settings.js.",
  },
  EDGE_ML_FILE_READ: {
    text: "The file {path} cannot be read: {reason}.",
    todo: "Check the path and the permissions.",
  },
  EDGE_ML_FILE_FORMAT: {
    text: "The file {path} is {got}, but it must be {expected}.",
    todo: "Export it as CSV text with one header line.",
  },
  EDGE_ML_FILE_COLUMN: {
    text: 'The file {path} has no column "{field}"; it has {expected}.',
    todo: "Choose one of the file's columns.",
  },
  EDGE_ML_FILE_TIME: {
    text: 'The time {got} in column "{field}" of {path} cannot be read as {expected}.',
    todo: "Set the time format of the column.",
  },

  // Microphones
  EDGE_ML_CAPTURE_TOOL: {
    text: "The program {program}, which records sound, is not installed; its Debian package is {package}.",
    todo: "Install it with apt install and the package's name (in a container: in its image), or choose another source.",
  },
  EDGE_ML_CAPTURE_DEVICE: {
    text: "The microphone {device} is not there: {reason}.",
    todo: "Plug it in, or choose one of the list in the node; it is tried again by itself. A container needs /dev/snd.",
  },
  EDGE_ML_CAPTURE_BUSY: {
    text: "The microphone {device} is in use by another program: {reason}.",
    todo: "End that program, or record through PulseAudio or PipeWire, which share it; it is tried again by itself.",
  },
  EDGE_ML_CAPTURE_PERMISSION: {
    text: "Node-RED may not use the microphone {device}: {reason}.",
    todo: "Put its user into the group audio (sudo usermod -a -G audio USER) and start it again; Docker: --group-add audio.",
  },
  EDGE_ML_CAPTURE_SERVER: {
    text: "The sound server does not answer {program}: {reason}.",
    todo: "It belongs to the user who is logged in: run Node-RED as that user, with XDG_RUNTIME_DIR set, or choose ALSA.",
  },
  EDGE_ML_CAPTURE_FORMAT: {
    text: "The microphone {device} cannot record like this: {reason}.",
    todo: "Use plughw: in place of hw:, which converts, or set the rate, channels and format that the device has.",
  },
  EDGE_ML_CAPTURE_CONTAINER: {
    text: "The command writes a {got} file, but it must write raw samples.",
    todo: "Let it write raw PCM (arecord -t raw, sox -t raw, ffmpeg -f s16le).",
  },
  EDGE_ML_CAPTURE_STALLED: {
    text: "The microphone {device} has given nothing for {expected} s.",
    todo: "Check its cable and the sound server; it is started again by itself.",
  },
  EDGE_ML_CAPTURE_ENDED: {
    text: "The recording program {program} stopped: {reason}.",
    todo: "Try the same command in a terminal; it is started again by itself.",
  },

  // Saved state
  EDGE_ML_STATE: {
    text: "The saved state is wrong: {field} is {got}, but it must be {expected}.",
    todo: "Delete the file; the node starts anew.",
  },
  EDGE_ML_STATE_READ: {
    text: "The saved state {path} cannot be read: {reason}. The node starts anew.",
    todo: "Check the permissions of the file and its folder.",
  },
  EDGE_ML_STATE_CORRUPT: {
    text: "The saved state {path} cannot be understood: {reason}. The node starts anew; the file was set aside as {aside}.",
    todo: "Look into it if you need it, or delete it.",
  },
  EDGE_ML_STATE_WRITE: {
    text: "The state could not be saved in {path}: {reason}. The node goes on, but a restart would lose it.",
    todo: "Check free disk space and the permissions of the folder.",
  },

  // Anything that was not foreseen: a defect of ours, never of the flow's.
  EDGE_ML_INTERNAL: {
    text: "Something went wrong inside the node: {reason}.",
    todo: "Please report it with the message that caused it.",
  },
} as const satisfies Record<`EDGE_ML_${string}`, { text: string; todo: string }>;

export type ErrorCode = keyof typeof catalogue;
