# What is dead behind the raise comes to stand behind the body of the try once the handlers are moved to the end.
def f(run, fail, debug):
    try:
        result = run()
    except Exception as error:
        if debug:
            raise
        else:
            fail(error)
    if result:
        print(result)
    return result
