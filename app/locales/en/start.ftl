nav-desk = My work
start-welcome = Hello, { $name }
start-about = Choose what to do.
start-due = due { $due }
