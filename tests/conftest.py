"""What holds for every test."""

import signal
import threading

# A shell starts what it runs in the background with SIGINT ignored, and so would every program that a test
# starts, and then waits for after interrupting it.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)
